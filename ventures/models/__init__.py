"""The public models of the ventures app."""

from ventures.models.decisions import (
    Announcement,
    Award,
    Decision,
    PublicNotice,
    Resolution,
)
from ventures.models.needs import Need, NeedFile, NeedSupport, Visit
from ventures.models.programmes import Programme, ProjectKind, Round, Tier, Track
from ventures.models.proposals import (
    BudgetLine,
    Proposal,
    ProposalFile,
    ProposalVersion,
    Screening,
)
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

__all__ = [
    "Announcement",
    "Assignment",
    "Award",
    "BudgetCut",
    "BudgetLine",
    "Criterion",
    "Decision",
    "Need",
    "NeedFile",
    "NeedSupport",
    "Panel",
    "PanelMember",
    "Programme",
    "ProjectKind",
    "Proposal",
    "ProposalFile",
    "ProposalVersion",
    "PublicNotice",
    "Recusal",
    "Resolution",
    "Review",
    "ReviewVersion",
    "Round",
    "Rubric",
    "Score",
    "Screening",
    "Tier",
    "Track",
    "Visit",
]
