//! Connections, checks, sync.

use heirloom_engine::connect::reach::Reach;
use heirloom_engine::connect::{
    Check, CheckKind, CheckStatus, ConnectionView, Input, Report, Subject, TokenState,
};
use heirloom_engine::sync::cost::Cost;
use heirloom_engine::sync::progress::{Phase, Status};
use heirloom_engine::sync::standing::Half;
use heirloom_engine::{Access, Pause, Safety, SyncRun};
use secrecy::SecretString;

use super::{scope_ref, sentence};
use crate::dto;

impl From<dto::ConnectInput> for Input {
    fn from(input: dto::ConnectInput) -> Self {
        Self {
            url: input.url,
            token: SecretString::from(input.token),
            name: input.name,
            safety: input.safety.into(),
            ca_pem: input.ca_pem,
            allow_plain_http: input.allow_plain_http,
            demo: false,
        }
    }
}

impl From<dto::Safety> for Safety {
    fn from(safety: dto::Safety) -> Self {
        match safety {
            dto::Safety::ReadOnly => Self::ReadOnly,
            dto::Safety::ConfirmEach => Self::ConfirmEach,
            dto::Safety::ConfirmLarge => Self::ConfirmLarge,
        }
    }
}

/// A connection for the window.
pub fn connection(view: ConnectionView) -> dto::Connection {
    let details = view.connection.details;
    let host = details.base_url.split_once("://").map_or("", |(_, rest)| rest);
    dto::Connection {
        id: view.connection.id.0,
        name: details.name,
        host: host.to_owned(),
        url: details.base_url,
        version: details.version,
        enterprise: details.enterprise,
        username: details.username,
        is_admin: details.is_admin,
        access: match details.access {
            Access::Full => dto::Access::Full,
            Access::ReviewOnly => dto::Access::ReviewOnly,
        },
        token_expires_on: details.token_expires_on,
        token: match view.token {
            TokenState::Stored => dto::TokenState::Stored,
            TokenState::Missing => dto::TokenState::Missing,
            TokenState::Refused => dto::TokenState::Refused,
            TokenState::Unreadable => dto::TokenState::Unreadable,
        },
        safety: match details.safety {
            Safety::ReadOnly => dto::Safety::ReadOnly,
            Safety::ConfirmEach => dto::Safety::ConfirmEach,
            Safety::ConfirmLarge => dto::Safety::ConfirmLarge,
        },
        reach: reach(view.reach),
        demo: details.demo,
        synced: view.synced.as_ref().map(sync_summary),
        groups: view.counts.groups,
        projects: view.counts.projects,
        unreadable: view.counts.unreadable,
        drafts: view.drafts,
        syncing: match sync_phase(&view.sync) {
            dto::SyncPhase::Idle => None,
            phase => {
                Some(dto::SyncProgress { phase, done: view.sync.done, total: view.sync.total })
            }
        },
    }
}

/// Whether GitLab answers. A refused token is an answer.
pub fn reach(reach: Reach) -> dto::Reach {
    match reach {
        Reach::Unknown => dto::Reach::Unknown,
        Reach::Online | Reach::TokenRefused => dto::Reach::Online,
        Reach::Offline { since, why } => dto::Reach::Offline { since: since.to_string(), why },
    }
}

/// The checks before a connection is saved.
pub fn report(report: Report, first: Option<(u32, Cost)>) -> dto::ConnectionReport {
    dto::ConnectionReport {
        can_connect: report.can_connect(),
        checks: report.checks.into_iter().map(check).collect(),
        url: report.url,
        scopes: first.map(|(scopes, _)| scopes),
        cost: first.map(|(_, found)| cost(found)),
    }
}

fn check(check: Check) -> dto::Check {
    dto::Check {
        kind: match check.kind {
            CheckKind::Server => dto::CheckKind::Server,
            CheckKind::Token => dto::CheckKind::Token,
            CheckKind::Keychain => dto::CheckKind::Keychain,
            CheckKind::InstanceDefaults => dto::CheckKind::InstanceDefaults,
        },
        status: match check.status {
            CheckStatus::Ok => dto::CheckStatus::Ok,
            CheckStatus::Info => dto::CheckStatus::Info,
            CheckStatus::Warning => dto::CheckStatus::Warning,
            CheckStatus::Failed => dto::CheckStatus::Failed,
            CheckStatus::Skipped => dto::CheckStatus::Skipped,
        },
        title: check.title,
        detail: check.detail,
        field: check.subject.map(|subject| match subject {
            Subject::Url => dto::ConnectField::Url,
            Subject::Token => dto::ConnectField::Token,
            Subject::CaPem => dto::ConnectField::CaPem,
            Subject::PlainHttp => dto::ConnectField::AllowPlainHttp,
        }),
    }
}

/// A sync's cost.
pub fn cost(cost: Cost) -> dto::SyncCost {
    dto::SyncCost {
        requests: cost.requests,
        seconds_from: cost.seconds_from,
        seconds_to: cost.seconds_to,
    }
}

/// Where a sync stands.
pub fn sync_status(
    status: Status,
    paused: Option<Pause>,
    last: Option<&SyncRun>,
    half: Option<Half>,
) -> dto::SyncStatus {
    dto::SyncStatus {
        phase: sync_phase(&status),
        done: status.done,
        total: status.total,
        requests: status.requests,
        all_failed_known: status.all_known,
        failed: status
            .left
            .into_iter()
            .chain(status.failed)
            .map(|failed| dto::FailedScope {
                scope: scope_ref(failed.scope),
                path: failed.path,
                why: sentence(&failed.why),
            })
            .collect(),
        notes: status.notes.iter().map(|note| sentence(note)).collect(),
        paused: paused.map(super::pause),
        stopped: status.stopped.as_deref().map(sentence),
        last: last.map(sync_summary),
        half: half.map(|half| dto::HalfSync { read: half.read, of: half.of }),
    }
}

fn sync_phase(status: &Status) -> dto::SyncPhase {
    match status.phase {
        Phase::Idle => dto::SyncPhase::Idle,
        _ if status.cancelling => dto::SyncPhase::Cancelling,
        Phase::Capabilities => dto::SyncPhase::Capabilities,
        Phase::Groups => dto::SyncPhase::Groups,
        Phase::Projects => dto::SyncPhase::Projects,
        Phase::Integrations => dto::SyncPhase::Integrations,
        Phase::Settings => dto::SyncPhase::Settings,
    }
}

fn sync_summary(run: &SyncRun) -> dto::SyncSummary {
    let took = run.finished_at.duration_since(run.started_at);
    dto::SyncSummary {
        finished_at: run.finished_at.to_string(),
        complete: run.end.complete,
        failed: run.end.failed,
        seconds: took.as_secs_f32(),
        requests: run.end.requests,
    }
}
