/** Something that holds resources until it is told to let go; VS Code's own disposables fit. */
export interface Disposable {
  dispose(): unknown;
}

/** Disposes everything added to it, last first. What is added after its own end is disposed at once. */
export class DisposableStore implements Disposable {
  readonly #members: Disposable[] = [];
  #isDisposed = false;

  get isDisposed(): boolean {
    return this.#isDisposed;
  }

  add<T extends Disposable>(member: T): T {
    if (this.#isDisposed) member.dispose();
    else this.#members.push(member);
    return member;
  }

  dispose(): void {
    this.#isDisposed = true;
    for (const member of this.#members.splice(0).reverse()) member.dispose();
  }
}

/** Holds one disposable at a time: a new one takes the place of the old one, which is disposed. */
export class MutableDisposable<T extends Disposable> implements Disposable {
  #value: T | undefined;
  #isDisposed = false;

  get value(): T | undefined {
    return this.#value;
  }

  set value(value: T | undefined) {
    if (value === this.#value) return;
    this.#value?.dispose();
    this.#value = this.#isDisposed ? undefined : value;
    if (this.#isDisposed) value?.dispose();
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#value?.dispose();
    this.#value = undefined;
  }
}
