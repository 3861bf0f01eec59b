"""The columns of penalties and of permits: codes, headings, which are mandatory."""

from records.listings import ABNORMAL_ENTRY, COMMITMENT, LIST_ENTRY
from records.models import Record
from records.parties import party
from records.schema import Field, Schema, Shape

PENALTY = Schema(
    Record.Kind.PENALTY,
    (
        *party("CF"),
        Field(
            "CF_WSH",
            "行政处罚决定书文号",
            Shape.NUMBER,
            fact="document_number",
            required=True,
            also=("处罚决定书文号", "行政处罚决定文书号", "决定书文号"),
        ),
        Field("CF_WFXW", "违法行为类型", fact="conduct", required=True, also=("违法行为",)),
        Field("CF_SY", "违法事实", fact="facts", required=True, also=("处罚事由", "主要违法事实")),
        Field("CF_YJ", "处罚依据", fact="legal_basis", required=True, also=("行政处罚依据",)),
        Field(
            "CF_CFLB",
            "处罚类别",
            Shape.LIST,
            fact="categories",
            required=True,
            also=("处罚种类", "行政处罚类别"),
        ),
        Field("CF_NR", "处罚内容", fact="content", required=True, also=("行政处罚内容",)),
        Field(
            "CF_NR_FK",
            "罚款金额（万元）",
            Shape.MONEY,
            fact="fine_fen",
            also=("罚款金额", "罚款(万元)"),
        ),
        Field(
            "CF_NR_WFFF",
            "没收违法所得、没收非法财物的金额（万元）",
            Shape.MONEY,
            fact="confiscated_fen",
            also=(
                "没收违法所得、没收非法财物的金额",
                "没收违法所得、没收非法财物金额(万元)",
                "没收金额(万元)",
            ),
        ),
        Field(
            "CF_NR_ZKDX",
            "暂扣或吊销证照名称及编号",
            also=("暂扣或者吊销证照名称及编号",),
        ),
        Field(
            "CF_JDRQ",
            "处罚决定日期",
            Shape.DATE,
            fact="decided_on",
            required=True,
            also=("行政处罚决定日期", "决定日期"),
        ),
        Field("CF_YXQ", "处罚有效期", Shape.DATE, fact="valid_until"),
        Field("CF_GSJZQ", "公示截止期", Shape.DATE, also=("公示截止日期", "公示期限")),
        Field(
            "CF_CFJG",
            "处罚机关",
            fact="authority_name",
            required=True,
            also=("行政处罚机关", "处罚机关名称"),
        ),
        Field(
            "CF_CFJGDM",
            "处罚机关统一社会信用代码",
            Shape.CODE,
            fact="authority_code",
            required=True,
        ),
        Field("CF_SJLY", "数据来源单位", required=True),
        Field("CF_SJLYDM", "数据来源单位统一社会信用代码", Shape.CODE, required=True),
        Field("BZ", "备注", also=("CF_BZ",)),
    ),
    spans=(("CF_JDRQ", "CF_YXQ"), ("CF_JDRQ", "CF_GSJZQ")),
)

PERMIT = Schema(
    Record.Kind.PERMIT,
    (
        *party("XK"),
        Field(
            "XK_XKWS",
            "行政许可决定文书名称",
            fact="conduct",
            required=True,
            also=("许可决定文书名称", "行政许可决定书名称"),
        ),
        Field(
            "XK_WSH",
            "行政许可决定文书号",
            Shape.NUMBER,
            fact="document_number",
            required=True,
            also=("许可决定文书号", "行政许可决定书文号"),
        ),
        Field(
            "XK_XKLB",
            "许可类别",
            Shape.LIST,
            fact="categories",
            required=True,
            also=("行政许可类别",),
        ),
        Field("XK_XKZS", "许可证书名称"),
        Field("XK_XKBH", "许可编号", also=("许可证书编号",)),
        Field("XK_NR", "许可内容", fact="content", required=True, also=("行政许可内容",)),
        Field(
            "XK_JDRQ",
            "许可决定日期",
            Shape.DATE,
            fact="decided_on",
            required=True,
            also=("行政许可决定日期", "决定日期"),
        ),
        Field("XK_YXQZ", "有效期自", Shape.DATE, fact="valid_from", required=True),
        Field("XK_YXQZI", "有效期至", Shape.DATE, fact="valid_until", required=True),
        Field(
            "XK_XKJG",
            "许可机关",
            fact="authority_name",
            required=True,
            also=("行政许可机关", "许可机关名称"),
        ),
        Field(
            "XK_XKJGDM",
            "许可机关统一社会信用代码",
            Shape.CODE,
            fact="authority_code",
            required=True,
        ),
        Field("XK_ZT", "当前状态", required=True, also=("状态",)),
        Field("XK_LYDW", "数据来源单位", required=True),
        Field("XK_LYDWDM", "数据来源单位统一社会信用代码", Shape.CODE, required=True),
        Field("BZ", "备注", also=("XK_BZ",)),
    ),
    spans=(("XK_YXQZ", "XK_YXQZI"),),
)

SCHEMAS = (PENALTY, PERMIT, LIST_ENTRY, ABNORMAL_ENTRY, COMMITMENT)
