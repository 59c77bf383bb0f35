//! The events of machine accounts and of revocations.

use entity::ids::MachineAccountId;

use crate::platform::event::{Field, Form, events};

/// Of a machine account.
const ACCOUNT: &[Field] = &[
    Field::new("accountId", Form::Id(MachineAccountId::KIND), "The account."),
    Field::new("name", Form::Text, "Its name."),
    Field::new("reason", Form::Text, "Why, in words; null where no reason belongs to it.").or_null(),
];

/// Of a revocation.
const TOKEN: &[Field] = &[
    Field::new(
        "kind",
        Form::Word(|| vec!["token", "client", "subject"]),
        "What was revoked: one token, all of a program, or all of a person.",
    ),
    Field::new("value", Form::Text, "The id of the token, of the program or of the person."),
    Field::new("reason", Form::Text, "Why, in words."),
];

events! {
    /// A machine account was registered.
    ACCOUNT_REGISTERED = "account.registered.v1", MachineAccountId::KIND, Agency, ACCOUNT;
    /// A machine account was edited.
    ACCOUNT_CHANGED = "account.changed.v1", MachineAccountId::KIND, Agency, ACCOUNT;
    /// A machine account was revoked; its tokens end at once.
    ACCOUNT_REVOKED = "account.revoked.v1", MachineAccountId::KIND, Agency, ACCOUNT;
    /// A token, or all tokens of a program or of a person, were revoked.
    TOKEN_REVOKED = "token.revoked.v1", "token, client or subject", Agency, TOKEN;
}
