import type { ObjectReference } from '../rows.ts';

/** One line of a tree, as plain data; adapters turn it into their own kind of item. */
export interface Node {
  /** The same for the same thing as long as it is in the same tree. */
  readonly id: string;
  readonly label: string;
  readonly description: string;
  /** A product icon of VS Code and the theme colour that supports it; state is never told by colour alone. */
  readonly icon?: NodeIcon;
  /** Tokens, separated by spaces, that conditions of menus look for. */
  readonly contextValue: string;
  readonly collapsible: 'none' | 'collapsed' | 'expanded';
  /** What a screen reader says; begins with the label. */
  readonly accessibilityLabel: string;
  /** The object of the control plane that it stands for. */
  readonly reference?: ObjectReference;
  /** The member cluster that it stands for, or under which it is shown. */
  readonly cluster?: string;
}

export interface NodeIcon {
  readonly id: string;
  readonly color?: string;
}

/** A tree over the model. Everything is computed when it is asked for. */
export interface Tree {
  roots(): readonly Node[];
  /** `undefined` for what is no longer there. */
  node(id: string): Node | undefined;
  children(id: string): readonly Node[];
  /** `undefined` for a root. */
  parent(id: string): string | undefined;
  /** Markdown; everything that a server said is escaped. '' for nothing to say. */
  tooltip(id: string): string;
}

/** An id out of parts; names of the API have no spaces, and what has some keeps them apart. */
export function nodeId(...parts: readonly string[]): string {
  return parts.map((part) => part.replaceAll('%', '%25').replaceAll(' ', '%20')).join(' ');
}

/** The parts of an id. */
export function idParts(id: string): readonly string[] {
  return id.split(' ').map((part) => part.replaceAll('%20', ' ').replaceAll('%25', '%'));
}

/** The parts of a description or of what is read aloud, without the empty ones. */
export function joined(parts: readonly string[], separator = ' · '): string {
  return parts.filter((part) => part !== '').join(separator);
}

/** A text of a server in one line. */
export function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}
