"""People who sign in, and what we have verified about them."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models.regions import Region


class UserManager(BaseUserManager["User"]):
    """Make users; what else a new person needs is in `accounts.services.signup`."""

    def create_user(
        self,
        *,
        display_name: str,
        email: str | None = None,
        phone: str | None = None,
        password: str | None = None,
        **fields: Any,
    ) -> "User":
        user = self.model(
            display_name=display_name,
            email=self.normalize_email(email) if email else None,
            phone=phone,
            **fields,
        )
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, *, email: str, password: str, **fields: Any) -> "User":
        fields.setdefault("display_name", email)
        return self.create_user(
            email=email, password=password, is_staff=True, is_superuser=True, **fields
        )


class User(AbstractBaseUser, PermissionsMixin):
    """登录用户. Someone (or, of kind `system`, something) that acts in the product."""

    class Kind(models.TextChoices):
        PERSON = "person", _("自然人")
        SYSTEM = "system", _("系统")

    class Text(models.TextChoices):
        NORMAL = "normal", _("标准字号")
        LARGE = "large", _("大字版")

    class Theme(models.TextChoices):
        AUTO = "auto", _("跟随系统")
        LIGHT = "light", _("浅色")
        DARK = "dark", _("深色")

    email = models.EmailField(_("电子邮箱"), null=True, blank=True, unique=True)
    email_verified = models.BooleanField(default=False)
    phone = models.CharField(
        _("手机号"),
        max_length=16,
        null=True,
        blank=True,
        unique=True,
        validators=[RegexValidator(r"^\+\d{7,15}$")],
        help_text=_("按 E.164 存储，如 +8613812345678"),
    )
    phone_verified = models.BooleanField(default=False)
    display_name = models.CharField(_("称呼"), max_length=40)
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.PERSON)
    text_size = models.CharField(_("字号"), max_length=8, choices=Text, default=Text.NORMAL)
    theme = models.CharField(_("主题"), max_length=8, choices=Theme, default=Theme.AUTO)
    language = models.CharField(_("语言"), max_length=8, default="zh-hans")
    home_region = models.ForeignKey(
        Region,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="residents",
    )
    is_demo = models.BooleanField(_("演示人物"), default=False)
    is_active = models.BooleanField(_("启用"), default=True)
    is_staff = models.BooleanField(_("可进后台"), default=False)
    joined_at = models.DateTimeField(_("加入时间"), db_default=Now())

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        verbose_name = _("登录用户")
        verbose_name_plural = _("登录用户")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind="system") | Q(email__isnull=False) | Q(phone__isnull=False),
                name="person_reachable_by_phone_or_email",
            ),
        ]

    def __str__(self) -> str:
        return self.display_name

    def get_short_name(self) -> str:
        """How the reading room greets a person."""
        return self.display_name


class Person(models.Model):
    """自然人 / 实名信息. What is known about the human behind a user.

    A recipient who never signs in has a Person without a User; the station acts for them.
    Identity numbers are kept as a keyed hash and the last four characters, never in clear.
    """

    class Gender(models.TextChoices):
        FEMALE = "female", _("女")
        MALE = "male", _("男")

    user = models.OneToOneField(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="person"
    )
    real_name = models.CharField(_("姓名"), max_length=40)
    pinyin = models.CharField(max_length=120, blank=True, db_index=True)
    gender = models.CharField(_("性别"), max_length=8, choices=Gender, blank=True)
    born_on = models.DateField(_("出生日期"), null=True, blank=True)
    id_hash = models.CharField(max_length=64, null=True, blank=True, unique=True)
    id_last_four = models.CharField(_("证件后四位"), max_length=4, blank=True)
    phone = models.CharField(_("联系电话"), max_length=16, blank=True)
    address = models.CharField(_("住址"), max_length=120, blank=True)
    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, null=True, blank=True, related_name="people"
    )
    has_smartphone = models.BooleanField(_("会用智能手机"), default=True)
    is_demo = models.BooleanField(_("演示人物"), default=False)

    class Meta:
        verbose_name = _("自然人")
        verbose_name_plural = _("自然人")

    def __str__(self) -> str:
        return self.real_name


class IdentityCheck(models.Model):
    """实名核验. That we verified a person, when, how and by whom."""

    class Method(models.TextChoices):
        DOCUMENT = "document", _("现场查验证件")
        ADAPTER = "adapter", _("接口核验")
        VOUCHED = "vouched", _("社区担保")

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="identity_checks")
    method = models.CharField(_("方式"), max_length=10, choices=Method)
    checked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    checked_at = models.DateTimeField(_("时间"), db_default=Now())

    class Meta:
        verbose_name = _("实名核验")
        verbose_name_plural = _("实名核验")

    def __str__(self) -> str:
        return f"{self.person} {self.get_method_display()}"


class Consent(models.Model):
    """授权同意. A person allowed one use of their data, until they take it back."""

    class Purpose(models.TextChoices):
        LOCATION = "location", _("使用位置核对是否在服务地点")
        PHOTO = "photo", _("公开展示照片")
        HONOUR = "honour", _("在光荣榜展示姓名")
        PROXY = "proxy", _("由他人代为申请服务")
        EXCHANGE = "exchange", _("把志愿服务记录报送给全国和省志愿服务系统")

    user = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="consents"
    )
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="consents"
    )
    purpose = models.CharField(_("用途"), max_length=10, choices=Purpose)
    given_at = models.DateTimeField(_("同意时间"), db_default=Now())
    withdrawn_at = models.DateTimeField(_("撤回时间"), null=True, blank=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("授权同意")
        verbose_name_plural = _("授权同意")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "person", "purpose"],
                condition=Q(withdrawn_at__isnull=True),
                nulls_distinct=False,
                name="consent_given_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(user__isnull=False) | Q(person__isnull=False),
                name="consent_belongs_to_someone",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose}:{self.user_id or self.person_id}"
