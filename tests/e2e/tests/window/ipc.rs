//! Everything the app says to its page, overheard.

use heirloom_e2e::{Result, Window};

/// Keeps a copy of every answer the page gets from now on. Tauri's commands are answered through
/// `fetch`, which the page may wrap.
const OVERHEAR: &str = "
    window.overheard = [];
    const plain = window.fetch;
    window.fetch = async (...request) => {
        const answer = await plain(...request);
        window.overheard.push(await answer.clone().text());
        return answer;
    };";

/// Starts to listen. A page that is loaded anew has to be listened to anew.
pub async fn overhear(window: &Window) -> Result<()> {
    window.run(OVERHEAR).await.map(drop)
}

/// All answers so far.
pub async fn overheard(window: &Window) -> Result<String> {
    let answers = window.run("return window.overheard.join('\\n')").await?;
    Ok(answers.as_str().unwrap_or_default().to_owned())
}
