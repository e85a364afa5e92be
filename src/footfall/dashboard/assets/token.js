/** The dialog that asks for the token. */

import { byId } from "./dom.js";

const WHY = "These numbers are not public. Whoever runs footfall here can give you a token.";
const REFUSED = "That token was not accepted. Whoever runs footfall here can give you one.";

/** A token from the user, and whether to keep it on the device; null if they have none. */
export function askForToken(wasRefused) {
  const dialog = byId("token-dialog");
  const why = byId("token-why");
  why.textContent = wasRefused ? REFUSED : WHY;
  why.classList.toggle("failed", wasRefused);
  byId("token").value = "";
  dialog.returnValue = "";
  byId("token-cancel").onclick = () => dialog.close("");
  byId("token-form").onsubmit = (event) => {
    event.preventDefault();
    dialog.close("use");
  };
  dialog.showModal();
  return new Promise((resolve) => {
    const read = () => {
      const token = byId("token").value.replace(/[^\x21-\x7e]/g, ""); // other pasted characters are not allowed in a header
      byId("token").value = "";
      const isForDevice = byId("token-keep").checked;
      resolve(dialog.returnValue === "use" && token ? { token, isForDevice } : null);
    };
    dialog.addEventListener("close", read, { once: true });
  });
}
