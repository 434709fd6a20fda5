# test
while True:
    pass
