import { startApp } from "./app/start";
import { provideBackend } from "./ipc/backend";
import { tauriBackend } from "./ipc/tauri";

provideBackend(tauriBackend);
startApp();
