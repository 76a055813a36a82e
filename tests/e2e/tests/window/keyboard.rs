//! The window used by somebody who has no mouse.

use std::time::Duration;

use heirloom_e2e::{Result, Seek, Window, until};

pub const TAB: char = '\u{E004}';
pub const ENTER: char = '\u{E006}';
pub const SHIFT: char = '\u{E008}';
pub const CTRL: char = '\u{E009}';
pub const UP: char = '\u{E013}';
pub const DOWN: char = '\u{E015}';

/// More stops than any view has: who hasn't arrived by then goes round in circles.
const STOPS: usize = 120;

const PATIENCE: Duration = Duration::from_secs(20);

/// Where the focus is, as the names tests know elements by, from the inside to the outside.
const FOCUS: &str = "
    const names = [];
    for (let at = document.activeElement; at; at = at.parentElement)
        if (at.dataset.testid) names.push(at.dataset.testid);
    return names;";

/// Keys, and what they lead to.
#[derive(Debug, Clone, Copy)]
pub struct Keyboard<'a>(pub &'a Window);

impl Keyboard<'_> {
    /// Presses one key.
    pub async fn press(&self, key: char) {
        self.0.press(&key.to_string()).await.expect("a window that takes keys");
    }

    /// Presses a key with Ctrl.
    pub async fn ctrl(&self, key: char) {
        self.0.press_with(CTRL, key).await.expect("a window that takes keys");
    }

    /// Whether the focus is on this element or in it.
    pub async fn is_at(&self, id: &str) -> Result<bool> {
        let names = self.0.run(FOCUS).await?;
        Ok(names.as_array().is_some_and(|names| names.iter().any(|name| name == id)))
    }

    /// Waits until something brought the focus there.
    pub async fn arrives_at(&self, id: &str) {
        until(&format!("the focus on {id}"), PATIENCE, async || {
            Ok(self.is_at(id).await?.then_some(()))
        })
        .await
        .expect("a focus that moves");
    }

    /// Goes on with Tab until the focus is there.
    pub async fn tab_to(&self, id: &str) {
        self.go(id, async || self.press(TAB).await).await;
    }

    /// Goes back with Shift Tab until the focus is there.
    pub async fn back_to(&self, id: &str) {
        let back = async || self.0.press_with(SHIFT, TAB).await.expect("a window that takes keys");
        self.go(id, back).await;
    }

    async fn go(&self, id: &str, step: impl AsyncFn()) {
        let mut way = Vec::new();
        for _ in 0..STOPS {
            if self.is_at(id).await.expect("a focus") {
                return;
            }
            step().await;
            way.push(self.0.run(FOCUS).await.expect("a focus")[0].clone());
        }
        panic!("{id} can't be reached by keyboard; the way led over {way:?}");
    }

    /// Goes on with Tab until a button or link with this text has the focus.
    pub async fn tab_to_text(&self, text: &str) {
        for _ in 0..STOPS {
            let at = self.0.run("return document.activeElement.textContent").await;
            if at.expect("a focus") == text {
                return;
            }
            self.press(TAB).await;
        }
        panic!("“{text}” can't be reached by keyboard");
    }

    /// Replaces what is in the field that has the focus, and waits until it is there.
    pub async fn write(&self, text: &str) {
        self.ctrl('a').await;
        self.0.press(text).await.expect("a window that takes keys");
        until(&format!("{text} in the field"), PATIENCE, async || {
            let value = self.0.run("return document.activeElement.value").await?;
            Ok((value == text).then_some(()))
        })
        .await
        .expect("a field that takes text");
    }

    /// Goes on with Tab to a field and replaces what is in it.
    pub async fn fill(&self, id: &str, text: &str) {
        self.tab_to(id).await;
        self.write(text).await;
    }

    /// Goes on with Tab to a box and ticks it, or takes the tick away.
    pub async fn tick(&self, id: &str, on: bool) {
        self.tab_to(id).await;
        let is_on = async || self.0.run("return document.activeElement.checked").await;
        if is_on().await.expect("a box") != on {
            self.press(' ').await;
        }
        assert_eq!(is_on().await.expect("a box"), on, "Space turns {id} over");
    }

    /// Opens the form of an integration, known by slug and title, of a scope.
    pub async fn open_form(&self, scope: &str, slug: &str, title: &str) {
        self.ctrl('k').await;
        self.arrives_at("palette-input").await;
        self.write(&format!("@{scope}")).await;
        let found = format!("[data-testid='palette-scope-{scope}'][aria-selected=true]");
        self.0.find(&Seek::css(found)).await.expect("the scope is found first");
        self.press(ENTER).await;
        let selected = Seek::css(format!("[data-testid='tree-row-{scope}'][aria-selected=true]"));
        self.0.find(&selected).await.expect("Enter goes to it");
        self.tab_to_list().await;
        self.choose(slug).await;
        // A narrow window shows the list or the comparison.
        self.press(ENTER).await;
        self.is_headed("[data-pane=compare] h2", title).await;
        self.0.find(&Seek::id("edit-custom")).await.expect("an offer to edit it");
        self.press('e').await;
        self.is_headed("[data-pane=edit] h1", title).await;
    }

    async fn is_headed(&self, heading: &str, title: &str) {
        let text = format!("return document.querySelector('{heading}')?.textContent ?? ''");
        until(&format!("{title} in {heading}"), PATIENCE, async || {
            let shown = self.0.run(&text).await?;
            Ok(shown.as_str().is_some_and(|shown| shown.contains(title)).then_some(()))
        })
        .await
        .expect("the integration");
    }

    async fn tab_to_list(&self) {
        for _ in 0..STOPS {
            let role = self.0.run("return document.activeElement.role").await;
            if role.expect("a focus") == "listbox" {
                return;
            }
            self.press(TAB).await;
        }
        panic!("the list of integrations can't be reached by keyboard");
    }

    /// Goes down the list to an integration.
    async fn choose(&self, slug: &str) {
        let selected = format!(
            "return document.querySelector('[data-testid=\"integration-{slug}\"]')?.ariaSelected"
        );
        for _ in 0..STOPS {
            if self.0.run(&selected).await.expect("a list") == "true" {
                return;
            }
            self.press(DOWN).await;
        }
        panic!("arrows don't lead to {slug}");
    }

    /// Asks for the plan with Ctrl Enter, agrees to it, and waits until the app says it is done.
    pub async fn save(&self) {
        self.ctrl(ENTER).await;
        self.arrives_at("confirm-cancel").await;
        self.tab_to("confirm-apply").await;
        self.press(ENTER).await;
        self.0.find(&Seek::id("toast")).await.expect("word that it is done");
        self.0.gone(&Seek::id("plan-dialog")).await.expect("the end of it");
    }
}
