// The tablet's one database. Forms in it are sealed, keyed by their random ids, so nothing tells who came first.
// `queue`: waiting; `dead`: refused, leaves on a receipt only; `sent`: hashes for seven days; `state`: all else.
// A later VERSION may add stores, and neither take away nor rearrange one: pages of the version before go on using them.

const NAME = "survey-app";
const VERSION = 1;
const STORES = { queue: "id", dead: "id", sent: "id", state: null };
// Forms are on the disk when their transaction completes, not only handed to the system.
const STRICT = { durability: "strict" };

const BLOCKED = new Error("another tab holds an older database");

let opened = null;

function upgrade(database) {
  for (const [name, keyPath] of Object.entries(STORES)) {
    if (!database.objectStoreNames.contains(name)) {
      database.createObjectStore(name, keyPath ? { keyPath } : undefined);
    }
  }
}

function openAt(version) {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, version);
    request.onupgradeneeded = () => upgrade(request.result);
    request.onerror = () => reject(request.error);
    request.onblocked = () => {
      reject(BLOCKED);
      request.onerror = forget;
    };
    request.onsuccess = () => {
      const database = request.result;
      // A newer version must not wait for this tab; a system short of memory closes what it likes.
      database.onversionchange = () => {
        database.close();
        forget();
      };
      database.onclose = forget;
      opened = Promise.resolve(database); // also where this was blocked for a while
      resolve(database);
    };
  });
}

// A tab that was open before an upgrade, or a server that went back a version, finds a newer database: as it is.
function openNow() {
  return openAt(VERSION).catch((error) => {
    if (error?.name !== "VersionError") {
      throw error;
    }
    return openAt();
  });
}

function forget() {
  opened = null;
}

// While an upgrade is blocked everybody hears so: another request would wait behind it without a word.
function handle() {
  opened ??= openNow().catch((error) => {
    if (error !== BLOCKED) {
      forget();
    }
    throw error;
  });
  return opened;
}

function run(database, names, mode, work) {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(names, mode, STRICT);
    let result;
    transaction.oncomplete = () => resolve(result);
    transaction.onabort = () => reject(transaction.error ?? new Error("aborted"));
    const stores = Object.fromEntries(names.map((name) => [name, transaction.objectStore(name)]));
    Promise.resolve(work(stores)).then(
      (value) => {
        result = value;
      },
      (error) => {
        try {
          transaction.abort();
        } catch {
          // it is over already
        }
        reject(error);
      },
    );
  });
}

// `work` gets the stores and may await `done(request)` only. Resolves when the transaction is complete.
// A handle that was closed meanwhile is opened again, once.
export async function transact(names, mode, work) {
  try {
    return await run(await handle(), names, mode, work);
  } catch (error) {
    if (error?.name !== "InvalidStateError") {
      throw error;
    }
    forget();
    return run(await handle(), names, mode, work);
  }
}

export function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

export function recall(name) {
  return transact(["state"], "readonly", ({ state }) => done(state.get(name)));
}

export function remember(name, value) {
  return transact(["state"], "readwrite", ({ state }) => done(state.put(value, name)));
}
