import pytest

from core.names import pinyin_of


@pytest.mark.parametrize(
    ("name", "full", "initials"),
    [
        ("张三", "zhangsan", "zs"),
        ("单田芳", "shantianfang", "stf"),
        ("曾国藩", "zengguofan", "zgf"),
        ("解晓东", "xiexiaodong", "xxd"),
        ("仇英", "qiuying", "qy"),
        ("区楚良", "ouchuliang", "ocl"),
        ("查良镛", "zhaliangyong", "zly"),
        ("任正非", "renzhengfei", "rzf"),
        ("尉迟恭", "yuchigong", "ycg"),
        ("万俟卨", "moqixie", "mqx"),
        ("单于婧", "chanyujing", "cyj"),
        ("长孙无忌", "zhangsunwuji", "zswj"),
        ("朴智星", "piaozhixing", "pzx"),
        ("吕布", "lvbu", "lb"),
        ("欧阳修", "ouyangxiu", "oyx"),
        (" 李 四 ", "lisi", "ls"),
        ("John Smith", "johnsmith", "j"),
        ("", "", ""),
        ("长安汽车销售有限公司", "changanqichexiaoshouyouxiangongsi", "caqcxsyxgs"),
    ],
)
def test_names_as_people_type_them(name, full, initials):
    assert pinyin_of(name) == (full, initials)


def test_a_full_stop_or_a_middle_dot_is_not_typed():
    assert pinyin_of("阿依古丽·买买提")[0] == "ayigulimaimaiti"
