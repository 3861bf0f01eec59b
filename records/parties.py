"""The columns every kind of record begins and ends with: whom it is about, who sent it."""

from records.schema import Field, Shape


def party(prefix: str) -> tuple[Field, ...]:
    """Return the columns that say whom a row is about."""
    return (
        Field(
            f"{prefix}_XDR_MC",
            "行政相对人名称",
            fact="name",
            required=True,
            also=("当事人名称", "相对人名称", "行政相对人", "主体名称", "企业名称", "承诺人名称"),
        ),
        Field(
            f"{prefix}_XDR_LB",
            "行政相对人类别",
            Shape.PARTY,
            required=True,
            also=("相对人类别", "主体类别", "承诺人类别"),
        ),
        Field(
            f"{prefix}_XDR_SHXYM",
            "统一社会信用代码",
            Shape.CODE,
            fact="credit_code",
            also=(
                "行政相对人代码_1(统一社会信用代码)",
                "行政相对人统一社会信用代码",
                "行政相对人代码(统一社会信用代码)",
            ),
        ),
        Field(
            f"{prefix}_XDR_GSZC",
            "工商注册号",
            fact="registration_number",
            also=("注册号", "行政相对人代码_2(工商注册号)"),
        ),
        Field(
            f"{prefix}_XDR_ZZJG",
            "组织机构代码",
            fact="organisation_code",
            also=("行政相对人代码_3(组织机构代码)",),
        ),
        Field(
            f"{prefix}_XDR_SWDJ",
            "税务登记号",
            fact="tax_number",
            also=("行政相对人代码_4(税务登记号)",),
        ),
        Field(f"{prefix}_XDR_SYDW", "事业单位证书号", also=("行政相对人代码_5(事业单位证书号)",)),
        Field(
            f"{prefix}_XDR_SHZZ",
            "社会组织登记证号",
            also=("行政相对人代码_6(社会组织登记证号)",),
        ),
        Field(f"{prefix}_FRDB", "法定代表人", also=("法定代表人姓名", "法定代表人(负责人)")),
        Field(f"{prefix}_FR_ZJLX", "法定代表人证件类型", Shape.SECRET),
        Field(
            f"{prefix}_FR_ZJHM",
            "法定代表人证件号码",
            Shape.SECRET,
            also=(f"{prefix}_FR_SFZH", "法定代表人身份证号", "法定代表人身份证号码"),
        ),
        Field(f"{prefix}_XDR_ZJLX", "证件类型", Shape.SECRET, also=("自然人证件类型",)),
        Field(
            f"{prefix}_XDR_ZJHM",
            "证件号码",
            Shape.SECRET,
            also=(f"{prefix}_XDR_SFZ", "自然人证件号码", "身份证号", "身份证号码"),
        ),
    )


def source(prefix: str) -> tuple[Field, ...]:
    """Return the columns that say who sent a row."""
    return (
        Field(f"{prefix}_SJLY", "数据来源单位", required=True),
        Field(f"{prefix}_SJLYDM", "数据来源单位统一社会信用代码", Shape.CODE, required=True),
        Field("BZ", "备注", also=(f"{prefix}_BZ",)),
    )
