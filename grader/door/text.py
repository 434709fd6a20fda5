"""The bytes of a file as text, read alike on both sides: a BOM, a declared encoding, any line ends.

A file may declare its encoding, and it is decoded outside of all limits: only those are taken whose cost grows as the file
does, and in which programs are written. Python's own `punycode` takes minutes for what fits into one file.
"""

import codecs
import io
import tokenize

LARGEST = 1 << 20  # bytes of a program
READ = frozenset((
    "ascii", "utf-7", "utf-8", "utf-8-sig", "big5", "big5hkscs", "cp932", "cp949", "cp950", "euc_jis_2004", "euc_jisx0213",
    "euc_jp", "euc_kr", "gb18030", "gb2312", "gbk", "hz", "iso2022_jp", "iso2022_jp_1", "iso2022_jp_2", "iso2022_jp_2004",
    "iso2022_jp_3", "iso2022_jp_ext", "iso2022_kr", "johab", "shift_jis", "shift_jis_2004", "shift_jisx0213", "iso8859-1",
    "iso8859-2", "iso8859-3", "iso8859-4", "iso8859-5", "iso8859-6", "iso8859-7", "iso8859-8", "iso8859-9", "iso8859-10",
    "iso8859-11", "iso8859-13", "iso8859-14", "iso8859-15", "iso8859-16", "cp1006", "cp1125", "cp1250", "cp1251", "cp1252",
    "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "cp437", "cp720", "cp737", "cp775", "cp850", "cp852",
    "cp855", "cp856", "cp857", "cp858", "cp860", "cp861", "cp862", "cp863", "cp864", "cp865", "cp866", "cp869", "cp874",
    "hp-roman8", "koi8-r", "koi8-t", "koi8-u", "kz1048", "mac-arabic", "mac-croatian", "mac-cyrillic", "mac-farsi",
    "mac-greek", "mac-iceland", "mac-latin2", "mac-roman", "mac-romanian", "mac-turkish", "palmos", "ptcp154", "tis-620",
))  # fmt: skip


def decoded(data: bytes) -> str:
    """Raises UnicodeError for bytes that are no text in their encoding, LookupError for an encoding that is not in READ, and
    SyntaxError where what is declared does not exist."""
    encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
    if (known := codecs.lookup(encoding).name) not in READ:
        raise LookupError(f"no program is read in the encoding {known}")
    return io.TextIOWrapper(io.BytesIO(data), encoding).read()
