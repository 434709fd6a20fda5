data = b"x" * 1024
while True:
    data = data + data
