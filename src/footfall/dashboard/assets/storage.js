/**
 * What the browser keeps of the tab and of the device. Where it is to keep nothing of this site, even to ask for its storage throws:
 * then it is kept until the page is left.
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
