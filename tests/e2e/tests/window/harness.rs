//! What the tests of the window stand on has to hold by itself: the desktop is private, the
//! keychain is real, and a page can be driven.

use heirloom_e2e::{Desktop, Keychain, Launch, Seek, Window};

const BROWSER: &str = "/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser";

#[tokio::test]
async fn browser() {
    let desktop = Desktop::start((1280, 900), Keychain::Unlocked).await.expect("a desktop");
    let page = "<label>Name <input></label><button onclick='document.title=document.querySelector(\"input\").value'>Save</button><p data-testid=p>hello</p>";
    let launch = Launch::program(BROWSER, &["--automation"]);
    let window = Window::open(&desktop, &launch).await.expect("a window");
    eprintln!("url {}", window.run("return location.href").await.unwrap());
    window.run(&format!("document.body.innerHTML = {}", serde_json::Value::from(page))).await.unwrap();
    eprintln!("{}", window.text(&Seek::id("p")).await.unwrap());
    window.fill(&Seek::role("textbox", "Name"), "abc").await.unwrap();
    window.press("de").await.unwrap();
    window.click(&Seek::role("button", "Save")).await.unwrap();
    eprintln!("{}", window.run("return document.title").await.unwrap());
    window.photograph(std::path::Path::new("/tmp/e2e-page.png")).await.unwrap();
    desktop.photograph(std::path::Path::new("/tmp/e2e-root.png")).await.unwrap();
    eprintln!("rect {:?}", window.resize((1000, 700)).await);
    window.quit(&desktop, &launch).await.unwrap();
}
