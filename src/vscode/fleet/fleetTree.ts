import {
  EventEmitter,
  MarkdownString,
  type Event,
  type TreeDataProvider,
  type TreeItem,
} from 'vscode';
import { DisposableStore, type Disposable } from '../../base/lifecycle.ts';
import type { FleetModel, Node, Tree, TreeInput } from '../../live/index.ts';
import type { ViewChoices } from './viewChoices.ts';
import { toTreeItem, type TreeElement } from './treeItem.ts';

/** Where the lines come from. */
export interface FleetTreeSource {
  readonly model: FleetModel;
  /** What batches of changes touched. */
  readonly onDidChange: Event<unknown>;
  readonly onDidChangeModel: Event<unknown>;
}

/** At most four times a second: a fleet may change two hundred times in that time. */
const pause = 250;
/** From here on it is less work for VS Code to ask for all lines below the common parent. */
const mostSingle = 50;

/** Id of no line: the parent of the lines at the top. */
const top = '';

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
  /** What VS Code was told: the ids below each line, and how each line looks. */
  readonly #children = new Map<string, readonly string[]>();
  readonly #nodes = new Map<string, Node>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isVisible = false;
  #isOutdated = false;

  readonly onDidChangeTreeData = this.#didChange.event;
  /** Fires after the lines were looked at again. */
  readonly onDidRefresh = this.#didRefresh.event;

  constructor(source: FleetTreeSource, make: (input: TreeInput) => Tree, choices: ViewChoices) {
    this.#source = source;
    this.#make = make;
    this.#choices = choices;
    const look = () => this.#lookSoon();
    this.#store.add(source.onDidChange(look));
    this.#store.add(source.onDidChangeModel(() => this.#startAnew()));
    this.#store.add(choices.onDidChange(() => this.#startAnew()));
    this.#store.add({ dispose: () => clearTimeout(this.#timer) });
  }

  /** To be told when the view is shown and hidden. */
  setVisible(isVisible: boolean): void {
    this.#isVisible = isVisible;
    if (isVisible && this.#isOutdated) this.#startAnew();
  }

  getChildren(element?: TreeElement): TreeElement[] {
    const tree = this.#tree();
    const nodes = element ? tree.children(element.id) : tree.roots();
    this.#tell(element?.id ?? top, nodes);
    return nodes.map((node) => this.#elementOf(node));
  }

  getTreeItem(element: TreeElement): TreeItem {
    const node = this.#nodes.get(element.id) ?? this.#tree().node(element.id) ?? gone(element);
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

  /** The element of a line that is in the tree now, for revealing it. */
  find(id: string): TreeElement | undefined {
    const node = this.#tree().node(id);
    return node && this.#elementOf(node);
  }

  dispose(): void {
    this.#store.dispose();
  }

  #tree(): Tree {
    const { options } = this.#choices;
    return this.#make({ model: this.#source.model, options, now: Date.now() });
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

  #tell(parent: string, nodes: readonly Node[]): void {
    const ids = nodes.map(({ id }) => id);
    const isLeft = new Set(ids);
    for (const id of this.#children.get(parent) ?? []) if (!isLeft.has(id)) this.#forget(id);
    this.#children.set(parent, ids);
    for (const node of nodes) this.#nodes.set(node.id, node);
  }

  /** A line that went, with what was below it. */
  #forget(id: string): void {
    const below = this.#children.get(id) ?? [];
    this.#children.delete(id);
    this.#nodes.delete(id);
    this.#elements.delete(id);
    for (const child of below) this.#forget(child);
  }

  #lookSoon(): void {
    if (!this.#isVisible) this.#isOutdated = true;
    else this.#timer ??= setTimeout(() => this.#look(), pause);
  }

  #startAnew(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#isOutdated = !this.#isVisible;
    if (!this.#isVisible) return;
    this.#didChange.fire(undefined);
    this.#didRefresh.fire();
  }

  #look(): void {
    this.#timer = undefined;
    if (!this.#isVisible) {
      this.#isOutdated = true;
      return;
    }
    const changed = this.#changedLines();
    if (changed === 'all') this.#didChange.fire(undefined);
    else if (changed.length > 0) this.#didChange.fire([...changed]);
    this.#didRefresh.fire();
  }

  /** The lines to be drawn anew, with what is below them. */
  #changedLines(): 'all' | readonly TreeElement[] {
    const tree = this.#tree();
    const changed = new Set<TreeElement>();
    for (const [parent, before] of [...this.#children]) {
      // It may have gone with a line further up.
      if (!this.#children.has(parent)) continue;
      const nodes = parent === top ? tree.roots() : tree.children(parent);
      const different = nodes.filter((node) => !isSameLook(node, this.#nodes.get(node.id)));
      const isSameList =
        nodes.length === before.length && nodes.every(({ id }, i) => id === before[i]);
      const isMuch = !isSameList || different.length > mostSingle;
      if (isMuch && parent === top) return 'all';
      if (different.length === 0 && isSameList) continue;
      this.#tell(parent, nodes);
      const above = isMuch ? this.#elements.get(parent) : undefined;
      for (const element of above ? [above] : different.map((node) => this.#elementOf(node))) {
        changed.add(element);
      }
    }
    return [...changed];
  }
}

function isSameLook(a: Node, b: Node | undefined): boolean {
  return (
    b !== undefined &&
    a.label === b.label &&
    a.description === b.description &&
    a.contextValue === b.contextValue &&
    a.collapsible === b.collapsible &&
    a.accessibilityLabel === b.accessibilityLabel &&
    a.icon?.id === b.icon?.id &&
    a.icon?.color === b.icon?.color
  );
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
