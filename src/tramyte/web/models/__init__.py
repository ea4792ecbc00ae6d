"""What the database keeps: one file a theme. Storage, constraints and history; meaning stands in `domain`."""

from tramyte.web.models.account import Account, Grant, SavedFilter, Token
from tramyte.web.models.event import Event
from tramyte.web.models.norm import LocalNorm
from tramyte.web.models.people import Absence, Appointment, Collaborator, Contact, Licence, Post, Staff, StaffSkill
from tramyte.web.models.place import Authority, Commune, Equipment, Facility, Province, Succession
from tramyte.web.models.plan import (
    AwayLimit,
    Campaign,
    Decision,
    Deployment,
    Lock,
    PastTour,
    Requirement,
    Sender,
    Travel,
    Weight,
)
from tramyte.web.models.report import Assessment, Case, Project, Report, ServiceCount, StatedTotal
from tramyte.web.models.run import Run
from tramyte.web.models.training import Commitment, Course, Enrolment

__all__ = [
    "Absence",
    "Account",
    "Appointment",
    "Assessment",
    "Authority",
    "AwayLimit",
    "Campaign",
    "Case",
    "Collaborator",
    "Commitment",
    "Commune",
    "Contact",
    "Course",
    "Decision",
    "Deployment",
    "Enrolment",
    "Equipment",
    "Event",
    "Facility",
    "Grant",
    "Licence",
    "LocalNorm",
    "Lock",
    "PastTour",
    "Post",
    "Project",
    "Province",
    "Report",
    "Requirement",
    "Run",
    "SavedFilter",
    "Sender",
    "ServiceCount",
    "Staff",
    "StaffSkill",
    "StatedTotal",
    "Succession",
    "Token",
    "Travel",
    "Weight",
]
