import socket


async def fetch_both(get, url1, url2):
    texts = []
    for url in (url1, url2):
        s = socket.create_connection((url, 80), timeout=5)
        s.sendall(b"GET / HTTP/1.0\r\n\r\n")
        texts.append(s.recv(10000).decode())
    return tuple(texts)
