"""Chinese names as people type them when they search: in full pinyin or by initials.

A surname is often read otherwise than the word (单 is Shàn, 曾 is Zēng), so surnames come from a table of their own.
"""

from pypinyin import Style, lazy_pinyin

# Surnames whose reading differs from the character's common one, or that a dictionary gets wrong.
_SURNAMES = {
    "单": "shan", "曾": "zeng", "解": "xie", "仇": "qiu", "区": "ou", "查": "zha", "任": "ren", "盖": "ge", "朴": "piao", "华": "hua",
    "尹": "yin", "翟": "zhai", "员": "yun", "乐": "yue", "晁": "chao", "折": "she", "那": "na", "繁": "po", "种": "chong", "召": "shao",
    "重": "chong", "秘": "bi", "冼": "xian", "覃": "qin", "祭": "zhai", "洗": "xian", "隗": "wei", "纪": "ji", "燕": "yan", "葛": "ge",
    "阚": "kan", "缪": "miao", "宓": "mi", "牟": "mu", "佟": "tong", "逄": "pang", "冯": "feng", "万": "wan", "黑": "he", "盛": "sheng",
    "石": "shi", "柏": "bai", "卜": "bu", "车": "che", "长": "chang", "晟": "cheng", "都": "du", "干": "gan", "莞": "guan", "过": "guo",
    "哈": "ha", "郇": "xun", "句": "gou", "角": "jue", "隽": "juan", "郄": "qie", "令": "ling", "六": "lu", "能": "nai", "乜": "nie",
    "粘": "nian", "宁": "ning", "强": "qiang", "瞿": "qu", "撒": "sa", "参": "shen", "舍": "she", "沈": "shen", "洪": "hong",
    "孙": "sun", "缑": "gou", "夏": "xia", "相": "xiang", "谢": "xie", "俞": "yu", "於": "yu", "赵": "zhao", "祝": "zhu", "訾": "zi",
    "行": "xing", "么": "yao", "幺": "yao", "应": "ying", "喻": "yu", "藏": "zang", "臧": "zang", "占": "zhan", "褚": "chu", "朱": "zhu",
}  # fmt: skip
_COMPOUND = {
    "尉迟": "yu chi", "万俟": "mo qi", "长孙": "zhang sun", "单于": "chan yu", "澹台": "tan tai", "宗政": "zong zheng", "欧阳": "ou yang",
    "上官": "shang guan", "司马": "si ma", "诸葛": "zhu ge", "夏侯": "xia hou", "皇甫": "huang fu", "公孙": "gong sun", "慕容": "mu rong",
    "令狐": "ling hu", "宇文": "yu wen", "司徒": "si tu", "司空": "si kong", "轩辕": "xuan yuan", "独孤": "du gu", "南宫": "nan gong",
    "东方": "dong fang", "闻人": "wen ren", "赫连": "he lian", "端木": "duan mu", "百里": "bai li", "呼延": "hu yan", "太叔": "tai shu",
    "申屠": "shen tu", "西门": "xi men", "公冶": "gong ye", "钟离": "zhong li", "濮阳": "pu yang", "淳于": "chun yu", "贺兰": "he lan",
    "鲜于": "xian yu", "拓跋": "tuo ba", "乐正": "yue zheng", "亓官": "qi guan",
}  # fmt: skip


def pinyin_of(name: str) -> tuple[str, str]:
    """(full, initials) in lower case without blanks: "尉迟明" -> ("yuchiming", "ycm"); letters and digits of other names stay.

    A surname is looked for at the front only where the rest can be a given name (one to three characters), so that a company's name is read
    by its words.
    """
    name = "".join(str(name).split())
    syllables = _surname_syllables(name)
    syllables += lazy_pinyin(name[len(syllables) :], style=Style.NORMAL, errors=_keep, v_to_u=False)
    words = ["".join(char for char in syllable.lower() if char.isalnum()) for syllable in syllables]
    return "".join(words), "".join(word[:1] for word in words)


def surname(name: str) -> str:
    """What a stranger may know of a colleague: "欧阳静" -> "欧阳", "王芳" -> "王", "Anna Smith" -> "Smith"."""
    words = str(name).split()
    if not words or words[0].isascii():
        return words[-1] if words else ""
    name = "".join(words)
    return name[:2] if len(name) > 2 and name[:2] in _COMPOUND else name[:1]


def _surname_syllables(name: str) -> list[str]:
    if 2 < len(name) <= 5 and name[:2] in _COMPOUND:
        return _COMPOUND[name[:2]].split()
    if len(name) <= 4 and name[:1] in _SURNAMES:
        return [_SURNAMES[name[0]]]
    return []


def _keep(chars: str) -> list[str]:
    """Letters and digits between the characters: each run is one word."""
    return [chars]
