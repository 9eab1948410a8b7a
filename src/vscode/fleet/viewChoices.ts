import { commands, EventEmitter, type Memento } from 'vscode';
import type { Disposable } from '../../base/lifecycle.ts';
import { isFiltered, readViewOptions, type ViewOptions } from '../../live/index.ts';

/** The `when` keys that tell menus what is chosen. */
export interface ChoiceKeys {
  readonly isFiltered?: string;
  readonly isProblemsOnly: string;
}

/** What the user chose for one view, remembered for the workspace. */
export class ViewChoices implements Disposable {
  readonly #didChange = new EventEmitter<ViewOptions>();
  readonly #memento: Memento;
  readonly #key: string;
  readonly #keys: ChoiceKeys;
  #options: ViewOptions;

  readonly onDidChange = this.#didChange.event;

  /** @param view the id of the view, under which they are remembered */
  constructor(memento: Memento, view: string, keys: ChoiceKeys) {
    this.#memento = memento;
    this.#key = `view.${view}`;
    this.#keys = keys;
    this.#options = readViewOptions(memento.get(this.#key));
    this.#tellMenus();
  }

  get options(): ViewOptions {
    return this.#options;
  }

  /** Takes other choices; what is not named stays. */
  change(changes: Partial<ViewOptions>): void {
    this.#options = { ...this.#options, ...changes };
    void this.#memento.update(this.#key, this.#options);
    this.#tellMenus();
    this.#didChange.fire(this.#options);
  }

  dispose(): void {
    this.#didChange.dispose();
  }

  #tellMenus(): void {
    const set = (key: string, value: boolean) =>
      void commands.executeCommand('setContext', key, value);
    if (this.#keys.isFiltered) set(this.#keys.isFiltered, isFiltered(this.#options));
    set(this.#keys.isProblemsOnly, this.#options.problemsOnly);
  }
}
