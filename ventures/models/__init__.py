"""The public models of the ventures app."""

from ventures.models.assignment_plans import AssignmentPlan
from ventures.models.award_corrections import AwardCorrection
from ventures.models.award_terms import AwardLimit, AwardTerms
from ventures.models.award_walks import AwardWalk, Override
from ventures.models.award_wishes import AwardWish
from ventures.models.blinding import BlindCopy, BlindNumber, Redaction, ReleasedFile
from ventures.models.bonuses import Bonus, BonusKind
from ventures.models.budgets import BudgetLine, BudgetRules
from ventures.models.composites import CompositeTerms
from ventures.models.conflicts import Conflict
from ventures.models.decisions import (
    Announcement,
    Award,
    Decision,
    PublicNotice,
    Resolution,
)
from ventures.models.defences import DefenceSession, DefenceSheet, DefenceSlot
from ventures.models.discussions import ApplicantAnswer, DiscussionMute, Remark, RemarkText
from ventures.models.dossiers import Dossier
from ventures.models.draws import ReviewerDraw
from ventures.models.eligibility import ApplicantKind, Bar, Condition, StandingFact
from ventures.models.experts import Expert
from ventures.models.extensions import Extension
from ventures.models.forms import AnswerFile, AnswerSheet, FormVersion, Question, RoundForm
from ventures.models.funds import FundSource, LevelBudget
from ventures.models.invitations import ReviewInvitation
from ventures.models.letters import Letter, LetterKind, LetterTemplate, RevisedBudget
from ventures.models.meetings import MeetingVote
from ventures.models.needs import Need, NeedFile, NeedSupport, Visit
from ventures.models.objections import AwardWithdrawal, Objection
from ventures.models.paper_sheets import PaperScoreSheet
from ventures.models.partners import Partner
from ventures.models.peeks import Peek
from ventures.models.plans import (
    OutcomeIndicator,
    PlannedActivity,
    PlannedMilestone,
    PlannedRisk,
    TeamMember,
)
from ventures.models.pledges import Pledge
from ventures.models.prizes import Prize
from ventures.models.programmes import Programme
from ventures.models.proposal_files import ProposalFile
from ventures.models.proposals import Proposal
from ventures.models.purchases import Purchase
from ventures.models.questions import CallAnswer, CallQuestion
from ventures.models.review_packs import ReviewPack
from ventures.models.review_phases import ReviewPhase
from ventures.models.review_plans import ReviewPlan
from ventures.models.review_versions import ReviewVersion
from ventures.models.reviews import (
    Assignment,
    BudgetCut,
    Panel,
    PanelMember,
    Recusal,
    Review,
    Score,
)
from ventures.models.revision_days import RevisionDay
from ventures.models.round_stops import RoundStop
from ventures.models.rounds import UNPUBLISHED, Round
from ventures.models.rubrics import Criterion, Rubric
from ventures.models.selections import ConceptReader, ConceptVoice, Selection
from ventures.models.signals import ProposalSignal, Transfer
from ventures.models.step_limits import StepLimit
from ventures.models.tiers import Tier
from ventures.models.timetable import Stage, TrackClosing
from ventures.models.tracks import ProjectKind, Track
from ventures.models.versions import ProposalVersion, Screening
from ventures.models.votes import Ballot, PublicVote, Voter

__all__ = [
    "UNPUBLISHED",
    "Announcement",
    "AnswerFile",
    "AnswerSheet",
    "ApplicantAnswer",
    "ApplicantKind",
    "Assignment",
    "AssignmentPlan",
    "Award",
    "AwardCorrection",
    "AwardLimit",
    "AwardTerms",
    "AwardWalk",
    "AwardWish",
    "AwardWithdrawal",
    "Ballot",
    "Bar",
    "BlindCopy",
    "BlindNumber",
    "Bonus",
    "BonusKind",
    "BudgetCut",
    "BudgetLine",
    "BudgetRules",
    "CallAnswer",
    "CallQuestion",
    "CompositeTerms",
    "ConceptReader",
    "ConceptVoice",
    "Condition",
    "Conflict",
    "Criterion",
    "Decision",
    "DefenceSession",
    "DefenceSheet",
    "DefenceSlot",
    "DiscussionMute",
    "Dossier",
    "Expert",
    "Extension",
    "FormVersion",
    "FundSource",
    "Letter",
    "LetterKind",
    "LetterTemplate",
    "LevelBudget",
    "MeetingVote",
    "Need",
    "NeedFile",
    "NeedSupport",
    "Objection",
    "OutcomeIndicator",
    "Override",
    "Panel",
    "PanelMember",
    "PaperScoreSheet",
    "Partner",
    "Peek",
    "PlannedActivity",
    "PlannedMilestone",
    "PlannedRisk",
    "Pledge",
    "Prize",
    "Programme",
    "ProjectKind",
    "Proposal",
    "ProposalFile",
    "ProposalSignal",
    "ProposalVersion",
    "PublicNotice",
    "PublicVote",
    "Purchase",
    "Question",
    "Recusal",
    "Redaction",
    "ReleasedFile",
    "Remark",
    "RemarkText",
    "Resolution",
    "Review",
    "ReviewInvitation",
    "ReviewPack",
    "ReviewPhase",
    "ReviewPlan",
    "ReviewVersion",
    "ReviewerDraw",
    "RevisedBudget",
    "RevisionDay",
    "Round",
    "RoundForm",
    "RoundStop",
    "Rubric",
    "Score",
    "Screening",
    "Selection",
    "Stage",
    "StandingFact",
    "StepLimit",
    "TeamMember",
    "Tier",
    "Track",
    "TrackClosing",
    "Transfer",
    "Visit",
    "Voter",
]
