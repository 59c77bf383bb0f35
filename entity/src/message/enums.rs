//! The words of messages to people.

use sea_orm::{DeriveActiveEnum, EnumIter};
use serde::{Deserialize, Serialize};

use crate::enums::words;

words! {
    /// What a message is about; how one is told is chosen for each of them.
    MessageKind {
        /// Something waits for a decision.
        Approval = "APPROVAL",
        /// What one's own agency has asked for moves on.
        Request = "REQUEST",
        /// What others ask of one's own agency moves on.
        Supply = "SUPPLY",
        /// Samples are on their way, were received, refused or lost.
        Sample = "SAMPLE",
        /// Something is due soon, or overdue.
        Deadline = "DEADLINE",
        /// Certificates, calibrations and signatories of one's own agency.
        Register = "REGISTER",
        /// A search that the agency keeps has found something.
        Search = "SEARCH",
        /// Machine accounts, webhooks, deputies: how the system works for the agency.
        System = "SYSTEM",
    }

    /// How one is told of a kind of message.
    MessageDelivery {
        /// In the list of messages alone.
        Off = "OFF",
        /// By a mail of its own.
        AtOnce = "AT_ONCE",
        /// By the mail of the day.
        Daily = "DAILY",
    }

    /// The languages of messages.
    MessageLanguage {
        /// Chinese.
        Zh = "ZH",
        /// English.
        En = "EN",
    }

    /// What a mail is for.
    MailPurpose {
        /// One message.
        Message = "MESSAGE",
        /// All that is unread.
        Digest = "DIGEST",
        /// The code by which an address is confirmed.
        Code = "CODE",
    }

    /// How far a mail has come.
    MailStatus {
        /// To be sent.
        Waiting = "WAITING",
        /// Taken over by the mail server.
        Sent = "SENT",
        /// The mail server has refused it for good.
        Refused = "REFUSED",
        /// Tried often enough.
        GivenUp = "GIVEN_UP",
        /// No longer wanted.
        Dropped = "DROPPED",
    }
}
