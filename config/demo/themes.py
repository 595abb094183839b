"""What community projects are about, by group and kind: invented titles for the public totals."""

from random import Random

SERVICE = {
    "老年人": (
        "银龄早餐桌",
        "老宝贝生日会",
        "独居老人敲门问安",
        "银发手机课堂",
        "防跌倒小课堂",
        "老宝贝记忆相册",
        "送餐搭子",
        "老年合唱团",
        "陪诊小分队",
        "夕阳理发角",
    ),
    "妇女": ("巧手坊", "妈妈喘息日", "女性健康小组", "针线互助社", "家庭教育沙龙"),
    "儿童青少年": (
        "小候鸟暑托营",
        "四点半课堂",
        "童心绘本屋",
        "海马爸比亲子营",
        "周末科学角",
        "少年应急小课堂",
        "青春期小组",
    ),
    "新居民": ("新邻里厨房", "方言小课堂", "新居民融入营", "夜校英语角"),
    "残疾人": ("居家手工陪伴", "康复互助组", "轮椅出行日", "照护者喘息小组"),
    "贫穷无助者": ("爱心物资角", "困境家庭陪伴", "一封家书", "点亮书桌"),
}
GOVERNANCE = {
    "老年人": ("加装电梯议事会", "银龄调解室", "楼道扶手共建", "老楼安全巡查"),
    "妇女": ("巾帼议事会", "姐妹调解室"),
    "儿童青少年": ("少年议事会", "儿童友好巷"),
    "新居民": ("新老居民议事桌", "出租房公约", "新居民楼长"),
    "残疾人": ("无障碍巡查队", "坡道共建"),
    "贫穷无助者": ("救助协商会", "互助基金议事会"),
    "中心工作": (
        "河道巡护队",
        "垃圾分类劝导队",
        "文明楼道",
        "邻里调解室",
        "飞线整治议事会",
        "潮汐式停车议事",
        "平安巡防队",
        "安全宣讲团",
        "环保小卫士",
        "观潮安全引导",
    ),
}
GROUPS = (
    "互助会",
    "志愿服务队",
    "文艺社",
    "巧手社",
    "议事会",
    "读书会",
    "护河队",
    "夕阳红队",
    "邻里社",
    "调解社",
)


def invented_title(chance: Random, place: str, track: str, *, is_governance: bool) -> str:
    """`place` and what is done there."""
    themes = GOVERNANCE[track] if is_governance else SERVICE[track]
    return f"{place}·{chance.choice(themes)}"


def shared_out(chance: Random, total: int, parts: int, *, step: int, cap: int) -> list[int]:
    """`total` in `parts` amounts near their mean, each a multiple of `step` and at most `cap`."""
    mean = total / parts
    amounts = [
        min(cap, max(step, round(mean * chance.uniform(0.7, 1.3) / step) * step))
        for _ in range(parts)
    ]
    left = total - sum(amounts)
    place = 0
    while left:
        move = step if left > 0 else -step
        if abs(left) < step:
            move = left
        if step <= amounts[place] + move <= cap:
            amounts[place] += move
            left -= move
        place = (place + 1) % parts
    return amounts
