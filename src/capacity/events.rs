//! The events of capacity.

use entity::{
    enums::{OfferingKind, OfferingStatus},
    ids::{EquipmentId, LabId, OfferingId, OutageId},
};

use crate::platform::event::{Field, Form, events};

/// Of an offering.
const OFFERING: &[Field] = &[
    Field::new("offeringId", Form::Id(OfferingId::KIND), "The offering."),
    Field::new("labId", Form::Id(LabId::KIND), "The lab that it is of; null where it is of the agency itself.")
        .or_null(),
    Field::new("code", Form::Text, "Its code within the agency."),
    Field::new("kind", Form::Word(|| OfferingKind::ALL.iter().map(|word| word.word()).collect()), "What is offered."),
    Field::new("status", Form::Word(|| OfferingStatus::ALL.iter().map(|word| word.word()).collect()), "Its status."),
    Field::new("reason", Form::Text, "Why, in words; null where no reason belongs to it.").or_null(),
];

/// Of the calendar of an offering.
const CAPACITY: &[Field] = &[
    Field::new("offeringId", Form::Id(OfferingId::KIND), "The offering."),
    Field::new("labId", Form::Id(LabId::KIND), "The lab that it is of; null where it is of the agency itself.")
        .or_null(),
    Field::new("days", Form::List(&Form::Date), "The days whose capacity is another now, as far as they are counted."),
];

/// Of an outage.
const OUTAGE: &[Field] = &[
    Field::new("outageId", Form::Id(OutageId::KIND), "The outage."),
    Field::new("equipmentId", Form::Id(EquipmentId::KIND), "The equipment."),
    Field::new("labId", Form::Id(LabId::KIND), "Its lab."),
    Field::new("from", Form::Instant, "When it begins."),
    Field::new("to", Form::Instant, "When it ends; null where that is not known.").or_null(),
    Field::new("everyWeeks", Form::Number, "After how many weeks it comes again; null where it does not.").or_null(),
    Field::new("reason", Form::Text, "Why, in words."),
    Field::new(
        "subjects",
        Form::List(&Form::AnyId),
        "What lies in that time and has no room any more, by its typed ids.",
    ),
];

events! {
    /// An offering was entered or edited.
    OFFERING_CHANGED = "offering.changed.v1", OfferingId::KIND, AsRecord, OFFERING;
    /// An offering can be asked for, for the first time or again.
    OFFERING_OPENED = "offering.opened.v1", OfferingId::KIND, AsRecord, OFFERING;
    /// An offering cannot be asked for at present.
    OFFERING_PAUSED = "offering.paused.v1", OfferingId::KIND, AsRecord, OFFERING;
    /// An offering was taken back for good.
    OFFERING_ARCHIVED = "offering.archived.v1", OfferingId::KIND, AsRecord, OFFERING;
    /// The days or hours that an offering gives have changed.
    CAPACITY_CHANGED = "capacity.changed.v1", OfferingId::KIND, AsRecord, CAPACITY;
    /// Equipment is out of use for a time, and what lies in that time is named.
    OUTAGE_REPORTED = "outage.reported.v1", OutageId::KIND, Agency, OUTAGE;
    /// An outage was ended, and what lay in its time is named.
    OUTAGE_ENDED = "outage.ended.v1", OutageId::KIND, Agency, OUTAGE;
}
