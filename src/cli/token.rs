//! `labpact token`.

use chrono::TimeDelta;
use clap::Args;

use super::{Instance, say};
use crate::{
    identity::{
        embedded::{EmbeddedIssuer, Grant},
        roles::Roles,
    },
    platform::{
        clock::Clock,
        fault::{Fault, Outcome},
    },
};

/// Sign an access token with the embedded key and print it, and nothing else.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  labpact token --data var/demo --agency GD --role approver\n  \
                        curl -H \"Authorization: Bearer $(labpact token --data var/demo --agency GD --role officer)\" …")]
pub struct Token {
    #[command(flatten)]
    instance: Instance,
    /// Code of the agency: GD, SD, FJ, GX or HI.
    #[arg(long)]
    agency: String,
    /// Role; may be given several times.
    #[arg(long = "role", value_name = "ROLE")]
    roles: Vec<String>,
    /// Scopes beside those of the roles, with blanks between.
    #[arg(long, value_name = "SCOPES", default_value = "")]
    scope: String,
    /// Who (`sub`); the role and agency where not said.
    #[arg(long)]
    subject: Option<String>,
    /// How long the token lives: 90s, 15m, 1h or 7d.
    #[arg(long, default_value = "1h", value_parser = span)]
    ttl: TimeDelta,
}

impl Token {
    pub(super) fn run(self) -> Outcome<()> {
        let config = self.instance.load()?;
        let Some(section) = &config.identity.embedded else {
            return Err(Fault::invalid(
                "identity.embedded",
                "NO_EMBEDDED_ISSUER",
                "This instance has no issuer of its own; ask your issuer for a token.",
            ));
        };
        let issuer = EmbeddedIssuer::open(section, Clock::system())?;
        let role = self.roles.first().map_or("token", String::as_str);
        let subject = self.subject.unwrap_or_else(|| format!("{role}@{}", self.agency.to_lowercase()));
        let grant = Grant {
            agency: self.agency.as_str().into(),
            roles: self.roles,
            scopes: self.scope.split_whitespace().map(str::to_owned).collect(),
            subject,
            client: "labpact-cli".to_owned(),
            labs: None,
            institutions: None,
            life: self.ttl,
        };
        say(issuer.sign(&grant, &Roles::from_config(&config.identity.roles)?)?)
    }
}

fn span(text: &str) -> Result<TimeDelta, String> {
    let unit = text.chars().last().unwrap_or_default();
    let number = text
        .strip_suffix(unit)
        .and_then(|number| number.parse::<i64>().ok())
        .filter(|number| (1..=100_000).contains(number));
    match (number, unit) {
        (Some(number), 's') => Ok(TimeDelta::seconds(number)),
        (Some(number), 'm') => Ok(TimeDelta::minutes(number)),
        (Some(number), 'h') => Ok(TimeDelta::hours(number)),
        (Some(number), 'd') => Ok(TimeDelta::days(number)),
        _ => Err("write a number and s, m, h or d, such as 1h".to_owned()),
    }
}
