//! Writing: plan, re-read, write, read back, and everything that may come in between.

mod conflict;
mod custom;
mod cut_short;
mod defaults;
mod disable;
mod drafts;
mod group;
mod journal;
mod keychain;
mod late;
mod refused;
mod undoing;
mod use_default;

use heirloom_engine::change::{Plan, Request, Run, Secrets};
use heirloom_engine::core::value::Value;
use heirloom_engine::{Outcome, Result};
use heirloom_it::Lab;
use secrecy::SecretString;

const PAYMENTS: &str = "acme/platform/checkout/payments-api";
const STOREFRONT: &str = "acme/platform/web/storefront";

fn text(text: &str) -> Value {
    Value::Text(text.into())
}

async fn plan_custom(
    lab: &Lab,
    path: &str,
    slug: &str,
    fields: &[(&str, Value)],
    typed: &[&str],
) -> Result<Plan> {
    let request = Request::SetCustom {
        scope: lab.key(path),
        slug: slug.parse().expect("a slug"),
        settings: Some(lab.draft(path, slug, fields).await),
        typed: typed.iter().map(|name| (*name).to_owned()).collect(),
    };
    lab.engine.plan(lab.id(), request).await
}

async fn plan_default(lab: &Lab, path: &str, slug: &str) -> Result<Plan> {
    let slug = slug.parse().expect("a slug");
    lab.engine.plan(lab.id(), Request::UseDefault { scope: lab.key(path), slug }).await
}

fn secrets(pairs: &[(&str, &str)]) -> Secrets {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), SecretString::from(*value))).collect()
}

async fn apply(lab: &Lab, plan: &Plan, typed: &[(&str, &str)]) -> Run {
    lab.engine.apply(plan.id, secrets(typed), None).await.expect("a run")
}

fn outcome(run: &Run) -> (Outcome, String) {
    let [step] = run.outcomes.as_slice() else { panic!("one step: {run:?}") };
    (step.outcome.expect("an end"), step.why.clone().unwrap_or_default())
}
