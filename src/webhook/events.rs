//! The events of webhooks.

use entity::{enums::WebhookStop, ids::WebhookId};

use crate::platform::event::{Field, Form, events};

/// Of a webhook that is told nothing more.
const DISABLED: &[Field] = &[
    Field::new("webhookId", Form::Id(WebhookId::KIND), "The webhook."),
    Field::new("stop", Form::Word(|| WebhookStop::ALL.iter().map(|word| word.word()).collect()), "Why."),
    Field::new("reason", Form::Text, "The same in words."),
];

/// Of a test.
const TEST: &[Field] = &[
    Field::new("webhookId", Form::Id(WebhookId::KIND), "The webhook."),
    Field::new("requestedBy", Form::Text, "Subject of who tries it out.").or_null(),
];

events! {
    /// A webhook did not take what it was told, and is told nothing more until its agency resumes it.
    WEBHOOK_DISABLED = "webhook.disabled.v1", WebhookId::KIND, Agency, DISABLED;
    /// Somebody of the agency tries a webhook out; it is told to that webhook alone and has no place in the feed.
    WEBHOOK_TESTED = "webhook.test.v1", WebhookId::KIND, Agency, TEST;
}
