"""Take persons out of what is shown to everybody: their numbers, their addresses, their names."""

import re

from records import credit_code

_SOLE_TRADER = "92"
_KEPT = 3
_NUMBER = re.compile(r"(?<![0-9A-Za-z])\d(?: ?\d){13,}(?: ?[\dXx])?(?![0-9A-Za-z])")
_MOBILE = re.compile(r"(?<!\d)(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)")
_LANDLINE = re.compile(r"(?<!\d)[(（]?0\d{2,3}[)）]?[- ]?\d{7,8}(?!\d)")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_SURNAMES = (
    "欧阳|上官|司马|诸葛|东方|皇甫|尉迟|公孙|慕容|令狐|"
    "[王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏"
    "薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易"
    "常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦向柳邢路岳齐沿梅莫庄辛"
    "管祝左涂谷祁时舒耿牟卜詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄单包司柏"
    "宁柯阮桂闵解强柴华车冉房边辜吉饶刁瞿戚丘古米池滕晋苑邬臧畅宫来缪冀简迟宗昝]"
)
_HAN = "[\u4e00-\u9fff]"
_NAME = rf"(?P<surname>{_SURNAMES})(?P<rest>{_HAN}{{1,2}})"
_ROLES = (
    "法定代表人|主要负责人|负责人|经营者|投资人|当事人|联系人|经办人|代理人|违法行为人|被处罚人|"
    "执法人员|承办人|驾驶员|股东|姓名"
)
_NAMED = re.compile(rf"(?P<role>{_ROLES})(?P<between>姓名)?(?P<said>\s*[：:为系是]\s*|\s+){_NAME}")
_PERSON = re.compile(_NAME)
# What the name of a shop ends with; 王家小馆 is a shop, 王小明 is a person.
_TRADE = tuple("店馆部厂行社坊屋铺站场室城园庄吧轩阁斋堂楼所队院网车汇家")


def masked(text: str) -> str:
    """Return a text without the numbers, telephones, mail addresses and named persons in it."""
    text = _NUMBER.sub(_number, text)
    text = _MOBILE.sub(_cut, text)
    text = _LANDLINE.sub(_cut, text)
    text = _MAIL.sub("***", text)
    return _NAMED.sub(_named, text)


def is_persons_name(code: str, name: str) -> bool:
    """Test that an organisation bears nothing but the name of a person: some sole traders do."""
    short = name.strip()
    if not code.startswith(_SOLE_TRADER) or short.endswith(_TRADE):
        return False
    return _PERSON.fullmatch(short) is not None


def surname_only(name: str) -> str:
    """Return the name of a person with all but the surname hidden."""
    found = _PERSON.fullmatch(name.strip())
    return found["surname"] + "*" * len(found["rest"]) if found else name


def _number(found: re.Match[str]) -> str:
    plain = credit_code.normalised(found[0])
    return found[0] if credit_code.check(plain).valid else _cut(found)


def _cut(found: re.Match[str]) -> str:
    kept = found[0][:_KEPT]
    return kept + "*" * (len(found[0]) - len(kept))


def _named(found: re.Match[str]) -> str:
    before = f"{found['role']}{found['between'] or ''}{found['said']}"
    return f"{before}{found['surname']}{'*' * len(found['rest'])}"
