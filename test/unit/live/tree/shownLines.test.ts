import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createShownLines, type Node, type Tree } from '../../../../src/live/index.ts';

/** A tree of two levels whose lines are named by their ids and say a text. */
type Content = Readonly<
  Record<string, { readonly text: string; readonly below: readonly string[] }>
>;

function node(id: string, text: string, hasBelow: boolean): Node {
  return {
    id,
    label: id,
    description: text,
    contextValue: '',
    collapsible: hasBelow ? 'collapsed' : 'none',
    accessibilityLabel: id,
  };
}

function treeOf(content: Content): Tree {
  const roots = () =>
    Object.entries(content).map(([id, { text, below }]) => node(id, text, below.length > 0));
  const children = (id: string) =>
    (content[id]?.below ?? []).map((text, i) => node(`${id} ${i}`, text, false));
  const find = (id: string) =>
    [...roots(), ...Object.keys(content).flatMap(children)].find((each) => each.id === id);
  return { roots, children, node: find, parent: () => undefined, tooltip: () => '' };
}

/** Draws as VS Code does: asks for lines, for those below an expanded one, and again only where it is told to. */
function createViewer(isExpanded: (id: string) => boolean) {
  const shown = createShownLines();
  const drawn = new Map<string, readonly Node[]>();
  const fetch = (tree: Tree, parent: string | undefined): void => {
    const lines = parent === undefined ? tree.roots() : tree.children(parent);
    shown.tell(parent, lines);
    drawn.set(parent ?? '', lines);
    for (const { id, collapsible } of lines) {
      if (collapsible !== 'none' && isExpanded(id)) fetch(tree, id);
    }
  };
  return {
    fetch,
    follow(tree: Tree): 'all' | readonly string[] {
      const changed = shown.look(tree);
      if (changed === 'all') fetch(tree, undefined);
      else {
        for (const id of changed) {
          const look = shown.node(id);
          for (const [parent, lines] of drawn) {
            drawn.set(
              parent,
              lines.map((line) => (line.id === id && look ? look : line)),
            );
          }
          if (look && look.collapsible !== 'none' && isExpanded(id)) fetch(tree, id);
        }
      }
      return changed;
    },
    /** What is to be seen. */
    seen(): unknown {
      return (drawn.get('') ?? []).map((line) => [
        line,
        line.collapsible !== 'none' && isExpanded(line.id) ? (drawn.get(line.id) ?? []) : [],
      ]);
    },
  };
}

const contents: fc.Arbitrary<Content> = fc.dictionary(
  fc.constantFrom('a', 'b', 'c'),
  fc.record({
    text: fc.constantFrom('x', 'y'),
    below: fc.array(fc.constantFrom('1', '2'), { maxLength: 3 }),
  }),
  { noNullPrototype: true },
);

test('drawing only what is told to be different ends with what is there', () => {
  fc.assert(
    fc.property(fc.array(contents, { minLength: 1, maxLength: 8 }), (steps) => {
      const isExpanded = (id: string) => id !== 'c';
      const viewer = createViewer(isExpanded);
      for (const [i, step] of steps.entries()) {
        if (i === 0) viewer.fetch(treeOf(step), undefined);
        else viewer.follow(treeOf(step));
        const fresh = createViewer(isExpanded);
        fresh.fetch(treeOf(step), undefined);
        assert.deepEqual(viewer.seen(), fresh.seen());
      }
    }),
    { numRuns: 500 },
  );
});

test('what looks as before is not drawn again, and one line that differs is drawn alone', () => {
  const viewer = createViewer(() => true);
  const content = { a: { text: 'x', below: ['1', '2'] }, b: { text: 'x', below: [] } };
  viewer.fetch(treeOf(content), undefined);
  assert.deepEqual(viewer.follow(treeOf(content)), []);
  const changed = { ...content, a: { text: 'x', below: ['1', '3'] } };
  assert.deepEqual(viewer.follow(treeOf(changed)), ['a 1']);
  assert.deepEqual(viewer.follow(treeOf({ ...changed, b: { text: 'y', below: [] } })), ['b']);
  assert.equal(viewer.follow(treeOf({ a: changed.a })), 'all');
});

test('where many lines differ their parent is drawn anew', () => {
  const viewer = createViewer(() => true);
  const below = (text: string) => ({
    a: { text: 'x', below: Array.from({ length: 60 }, () => text) },
  });
  viewer.fetch(treeOf(below('1')), undefined);
  assert.deepEqual(viewer.follow(treeOf(below('2'))), ['a']);
});
