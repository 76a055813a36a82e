/** Whether this is macOS, whose keys differ. */
export function onMac(agent = typeof navigator === "undefined" ? "" : navigator.userAgent): boolean {
  return agent.includes("Mac OS");
}
