import {
  EventEmitter,
  MarkdownString,
  type Event,
  type TreeDataProvider,
  type TreeItem,
} from 'vscode';
import { DisposableStore, type Disposable } from '../../base/lifecycle.ts';
import {
  createShownLines,
  type FleetModel,
  type Node,
  type Tree,
  type TreeInput,
} from '../../live/index.ts';
import { mayReadBindings } from '../connection/mayReadBindings.ts';
import type { MemberAccess } from '../memberAccess.ts';
import type { ViewChoices } from './viewChoices.ts';
import { toTreeItem, type TreeElement } from './treeItem.ts';

/** Where the lines come from. */
export interface FleetTreeSource {
  readonly connection: {
    readonly model: FleetModel;
    /** What batches of changes touched. */
    readonly onDidChange: Event<unknown>;
    readonly onDidChangeModel: Event<unknown>;
    readonly onDidChangeState: Event<unknown>;
    readonly session: Parameters<typeof mayReadBindings>[0];
  };
  /** Which members could not be read. */
  readonly access: Pick<MemberAccess, 'problemOf' | 'onDidChange'>;
}

/** At most four times a second: a fleet may change two hundred times in that time. */
const pause = 250;

/**
 * Lines of the live model for a tree view. Nothing is drawn anew while the view is hidden; while it is seen, only lines
 * that look different, and no timer runs when nothing changes.
 */
export class FleetTree implements TreeDataProvider<TreeElement>, Disposable {
  readonly #store = new DisposableStore();
  readonly #didChange = this.#store.add(
    new EventEmitter<TreeElement | TreeElement[] | undefined>(),
  );
  readonly #didRefresh = this.#store.add(new EventEmitter<void>());
  readonly #source: FleetTreeSource;
  readonly #make: (input: TreeInput) => Tree;
  readonly #choices: ViewChoices;
  /** VS Code knows a line by the object that it was handed. */
  readonly #elements = new Map<string, TreeElement>();
  readonly #shown = createShownLines((id) => this.#elements.delete(id));
  #timer: ReturnType<typeof setTimeout> | undefined;
  #lookedAt = 0;
  #isVisible = false;
  /** VS Code has asked for lines. */
  #isAsked = false;
  /** Something changed while the view was hidden. */
  #isOutdated = false;
  /** What changed may be anything: the model or what the user chose to see. */
  #isAnew = false;

  readonly onDidChangeTreeData = this.#didChange.event;
  /** Fires after the lines were looked at again. */
  readonly onDidRefresh = this.#didRefresh.event;

  constructor(source: FleetTreeSource, make: (input: TreeInput) => Tree, choices: ViewChoices) {
    this.#source = source;
    this.#make = make;
    this.#choices = choices;
    const look = () => this.#lookSoon();
    this.#store.add(source.connection.onDidChange(look));
    this.#store.add(source.connection.onDidChangeState(look));
    this.#store.add(source.access.onDidChange(look));
    this.#store.add(source.connection.onDidChangeModel(() => this.#startAnew()));
    this.#store.add(choices.onDidChange(() => this.#startAnew()));
    this.#store.add({ dispose: () => clearTimeout(this.#timer) });
  }

  /** Whether there is no line at all. */
  get isEmpty(): boolean {
    return this.#tree().roots().length === 0;
  }

  /**
   * To be told when the view is shown and hidden. A view that is shown for the first time asks by itself: told at that
   * moment that all has changed, VS Code waits for ever for lines that it has forgotten.
   */
  setVisible(isVisible: boolean): void {
    this.#isVisible = isVisible;
    if (!isVisible) return;
    this.#lookedAt = Date.now();
    if (this.#isOutdated && this.#isAsked) this.#startAnew();
    this.#isOutdated = false;
  }

  getChildren(element?: TreeElement): TreeElement[] {
    this.#isAsked = true;
    const tree = this.#tree();
    const nodes = element ? tree.children(element.id) : tree.roots();
    this.#shown.tell(element?.id, nodes);
    return nodes.map((node) => this.#elementOf(node));
  }

  getTreeItem(element: TreeElement): TreeItem {
    const node = this.#shown.node(element.id) ?? this.#tree().node(element.id) ?? gone(element);
    return toTreeItem(node, element);
  }

  getParent({ id }: TreeElement): TreeElement | undefined {
    const tree = this.#tree();
    const parent = tree.parent(id);
    const node = parent === undefined ? undefined : tree.node(parent);
    return node && this.#elementOf(node);
  }

  resolveTreeItem(item: TreeItem, { id }: TreeElement): TreeItem {
    const text = this.#tree().tooltip(id);
    if (text !== '') item.tooltip = new MarkdownString(text);
    return item;
  }

  dispose(): void {
    this.#store.dispose();
  }

  #tree(): Tree {
    const { options } = this.#choices;
    const { connection, access } = this.#source;
    return this.#make({
      model: connection.model,
      options,
      now: Date.now(),
      access: (cluster) => access.problemOf(cluster),
      hasBindings: mayReadBindings(connection.session),
    });
  }

  #elementOf({ id, label, reference, cluster }: Node): TreeElement {
    const known = this.#elements.get(id);
    if (known) return known;
    const element = {
      id,
      label,
      ...(reference ? { reference } : {}),
      ...(cluster === undefined ? {} : { cluster }),
    };
    this.#elements.set(id, element);
    return element;
  }

  /** Everything is drawn anew; typing a filter asks for it faster than VS Code draws. */
  #startAnew(): void {
    this.#isAnew = true;
    this.#lookSoon();
  }

  /** At once after a pause, else when the pause is over. */
  #lookSoon(): void {
    this.#isOutdated = !this.#isVisible;
    if (this.#isOutdated) return;
    const rest = Math.max(0, this.#lookedAt + pause - Date.now());
    this.#timer ??= setTimeout(() => this.#look(), Math.min(rest, pause));
  }

  #look(): void {
    this.#timer = undefined;
    this.#isOutdated = !this.#isVisible;
    if (this.#isOutdated) return;
    this.#lookedAt = Date.now();
    if (this.#isAnew) this.#didChange.fire(undefined);
    else this.#drawChanges();
    this.#isAnew = false;
    this.#didRefresh.fire();
  }

  #drawChanges(): void {
    const changed = this.#shown.look(this.#tree());
    if (changed === 'all') this.#didChange.fire(undefined);
    else if (changed.length > 0) {
      // VS Code knows nothing of a line that has no element, and so draws nothing of it.
      const elements = changed.map((id) => this.#elements.get(id));
      this.#didChange.fire(elements.filter((element) => element !== undefined));
    }
  }
}

/** A line that VS Code still draws while the next look takes it away. */
function gone({ id, label }: TreeElement): Node {
  return {
    id,
    label,
    description: '',
    contextValue: '',
    collapsible: 'none',
    accessibilityLabel: label,
  };
}
