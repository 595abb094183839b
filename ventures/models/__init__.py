"""The public models of the ventures app."""

from ventures.models.budgets import BudgetLine, BudgetRules
from ventures.models.decisions import (
    Announcement,
    Award,
    Decision,
    PublicNotice,
    Resolution,
)
from ventures.models.forms import AnswerFile, AnswerSheet, FormVersion, Question, RoundForm
from ventures.models.needs import Need, NeedFile, NeedSupport, Visit
from ventures.models.partners import Partner
from ventures.models.plans import (
    OutcomeIndicator,
    PlannedActivity,
    PlannedMilestone,
    PlannedRisk,
    TeamMember,
)
from ventures.models.programmes import Programme, ProjectKind, Round, Tier, Track
from ventures.models.proposal_files import ProposalFile
from ventures.models.proposals import Proposal
from ventures.models.reviews import (
    Assignment,
    BudgetCut,
    Panel,
    PanelMember,
    Recusal,
    Review,
    ReviewVersion,
    Score,
)
from ventures.models.rubrics import Criterion, Rubric
from ventures.models.signals import ProposalSignal, Transfer
from ventures.models.versions import ProposalVersion, Screening

__all__ = [
    "Announcement",
    "AnswerFile",
    "AnswerSheet",
    "Assignment",
    "Award",
    "BudgetCut",
    "BudgetLine",
    "BudgetRules",
    "Criterion",
    "Decision",
    "FormVersion",
    "Need",
    "NeedFile",
    "NeedSupport",
    "OutcomeIndicator",
    "Panel",
    "PanelMember",
    "Partner",
    "PlannedActivity",
    "PlannedMilestone",
    "PlannedRisk",
    "Programme",
    "ProjectKind",
    "Proposal",
    "ProposalFile",
    "ProposalSignal",
    "ProposalVersion",
    "PublicNotice",
    "Question",
    "Recusal",
    "Resolution",
    "Review",
    "ReviewVersion",
    "Round",
    "RoundForm",
    "Rubric",
    "Score",
    "Screening",
    "TeamMember",
    "Tier",
    "Track",
    "Transfer",
    "Visit",
]
