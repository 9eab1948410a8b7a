import type { Node, Tree } from './node.ts';

/** What a view has drawn of a tree: which lines below which, and how each looks. */
export interface ShownLines {
  /** Notes the lines that are drawn below a line; below `undefined` those at the top. */
  tell(parent: string | undefined, nodes: readonly Node[]): void;
  /** How a line is drawn. */
  node(id: string): Node | undefined;
  /**
   * Compares what is drawn with the tree and answers the ids of the lines to be drawn anew, each with all that is below
   * it; `all` for everything. Takes their new look as drawn.
   */
  look(tree: Tree): 'all' | readonly string[];
}

/** From here on it is less work to draw all lines below the common parent. */
const mostSingle = 50;

/** Id of no line: the parent of the lines at the top. */
const top = '';

/** @param forgotten is told of each line that is drawn no more */
export function createShownLines(forgotten: (id: string) => void = () => undefined): ShownLines {
  const children = new Map<string, readonly string[]>();
  const nodes = new Map<string, Node>();
  const forget = (id: string): void => {
    const below = children.get(id) ?? [];
    children.delete(id);
    nodes.delete(id);
    forgotten(id);
    for (const child of below) forget(child);
  };
  const tell = (parent: string, lines: readonly Node[]): void => {
    const ids = lines.map(({ id }) => id);
    const stay = new Set(ids);
    for (const id of children.get(parent) ?? []) if (!stay.has(id)) forget(id);
    children.set(parent, ids);
    for (const node of lines) nodes.set(node.id, node);
  };
  return {
    tell: (parent, lines) => tell(parent ?? top, lines),
    node: (id) => nodes.get(id),
    look(tree) {
      const changed = new Set<string>();
      for (const [parent, before] of [...children]) {
        // It may have gone with a line further up.
        if (!children.has(parent)) continue;
        const lines = parent === top ? tree.roots() : tree.children(parent);
        const different = lines.filter((node) => !isSameLook(node, nodes.get(node.id)));
        const isSameList =
          lines.length === before.length && lines.every(({ id }, i) => id === before[i]);
        if (isSameList && different.length === 0) continue;
        const isMuch = !isSameList || different.length > mostSingle;
        if (isMuch && parent === top) return 'all';
        tell(parent, lines);
        for (const id of isMuch ? [parent] : different.map((node) => node.id)) changed.add(id);
      }
      return [...changed];
    },
  };
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
