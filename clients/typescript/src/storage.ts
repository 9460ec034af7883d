/** Where a client keeps what outlives it: its tokens, and the writes that have no answer yet. */
export interface ClientStorage {
  read(key: string): Promise<string | null>;
  write(key: string, value: string | null): Promise<void>;

  /** One at a time of this name, over everything that shares the storage: the tabs of a browser. */
  exclusively<T>(name: string, work: () => Promise<T>): Promise<T>;
}

/** Forgets everything with the process. */
export class MemoryStorage implements ClientStorage {
  readonly #values = new Map<string, string | null>();
  readonly #last = new Map<string, Promise<unknown>>();

  async read(key: string): Promise<string | null> {
    return this.#values.get(key) ?? null;
  }

  async write(key: string, value: string | null): Promise<void> {
    this.#values.set(key, value);
  }

  exclusively<T>(name: string, work: () => Promise<T>): Promise<T> {
    const result = (this.#last.get(name) ?? Promise.resolve()).then(work, work);
    this.#last.set(name, result);
    return result;
  }
}

/** A browser's `localStorage`, which the tabs of one origin share. */
export class BrowserStorage extends MemoryStorage {
  constructor(private readonly prefix = "explaino.") {
    super();
  }

  override async read(key: string): Promise<string | null> {
    return localStorage.getItem(this.prefix + key);
  }

  override async write(key: string, value: string | null): Promise<void> {
    if (value === null) localStorage.removeItem(this.prefix + key);
    else localStorage.setItem(this.prefix + key, value);
  }

  override exclusively<T>(name: string, work: () => Promise<T>): Promise<T> {
    // Absent in pages that did not come over https or from localhost.
    const locks = (navigator as { locks?: LockManager }).locks;
    return locks === undefined ? super.exclusively(name, work) : (locks.request(this.prefix + name, work) as Promise<T>);
  }
}
