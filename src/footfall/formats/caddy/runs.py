r"""
Patterns for lines that are obviously not records: decoding them one by one takes ten times as long.

They only match objects with keys without escapes, and a little nesting. All others are decoded.
"""

_BLANKS = rb"[ \t]*+"
_IN_TEXT = rb'[^"\\\x00-\x1f]*+'
_TEXT = b'"' + _IN_TEXT + rb'(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})' + _IN_TEXT + b')*+"'
_NUMBER = rb"-?+(?:0|[1-9]\d{0,99}+)(?:\.\d{1,99}+)?+(?:[eE][+-]?+\d{1,9}+)?+"  # thousands of digits are invalid
_SCALAR = b"(?:" + _TEXT + b"|" + _NUMBER + rb"|true|false|null|\{\}|\[\])" + _BLANKS


def _many(each: bytes, end: bytes) -> bytes:
    return _BLANKS + b"(?:" + each + b"(?:," + _BLANKS + b"(?!" + end + b")|(?=" + end + b")))*+" + end


_KEY = _TEXT + _BLANKS + b":" + _BLANKS
_VALUE = (
    b"(?:" + _SCALAR + rb"|\[" + _many(_SCALAR, rb"\]") + rb"|\{" + _many(_KEY + _SCALAR, rb"\}") + b")" + _BLANKS
)  # fmt: skip


def _pair(key: bytes, value: bytes = _VALUE) -> bytes:
    return b'"' + key + b'"' + _BLANKS + b":" + _BLANKS + value


def _pair_but(*keys: bytes) -> bytes:
    return _pair(b"(?!(?:" + b"|".join(keys) + b')")' + _IN_TEXT)


def _object_with(key: bytes, *never: bytes, value: bytes = _VALUE) -> bytes:
    """An object with this key whose first value matches, and none of the other keys."""
    before = _BLANKS + b"(?:" + _pair_but(key, *never) + b"," + _BLANKS + b")*+"
    return rb"\{" + before + _pair(key, value) + b"(?:," + _BLANKS + _pair_but(*never) + rb")*+\}"


_END = rb"[ \t\r]*+(?=\n)"
_PREFIX = rb"(?:[\w.-]++ *+\| *+)?+"
_NO_TIME = rb'(?:(?!"?+\d)' + _VALUE + rb"|\d{1,8}+(?=[ ,}]))" + _BLANKS  # seconds have at least nine digits

OTHER_MESSAGE = _PREFIX + _object_with(b"msg", b"request") + _END
"""A message that does not report a request."""
NO_RECORD = (
    rb"(?:[^\n]{0,8}+(?=\n)"  # {"msg":0} has nine bytes
    + rb"|" + _PREFIX + rb"\{" + _many(_pair_but(b"request"), rb"\}") + _END
    + rb'|(?=[^\n]{0,40}\n)(?:(?![^\n]*?"msg")[^\\\n]*+|' + _PREFIX + _object_with(b"request", b"logger") + _END + b")(?=\n)"
    + rb"|" + _PREFIX + _object_with(b"ts", b"ts", b"logger", value=_NO_TIME) + _END
    + rb"|(?![ \t\r\v\f]*+\{|[\w.-]++ *+\| *+\{)[^\n]*+)"
)  # fmt: skip
"""
A line without a request or a time, too short, or not an object. Other messages are included.

`{"ts":9e8,"request":{"method":0,"uri":0}}` has 41 bytes. A shorter line is not a record; and if it has a request, but no
other logger, it is not another message either.
"""
