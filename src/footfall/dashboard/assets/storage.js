/**
 * The browser's storage for the tab and the device. If it is blocked for this site, even accessing it throws: then values are kept
 * until the page is left.
 */

function storageOf(name) {
  try {
    const found = window[name];
    found.getItem("");
    return found;
  } catch {
    const kept = new Map();
    return {
      getItem: (key) => kept.get(key) ?? null,
      setItem: (key, value) => kept.set(key, value),
      removeItem: (key) => kept.delete(key),
    };
  }
}

export const ofTab = storageOf("sessionStorage");
export const ofDevice = storageOf("localStorage");
