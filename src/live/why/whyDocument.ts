import {
  createDocumentWriter,
  type DocumentWriter,
  type FindDraft,
  type WhyDocument,
} from './document.ts';
import type { Why, WhyProblem, WhyState, WhyText } from './why.ts';

/** How many names of clusters are listed before the rest is counted. */
const shownNames = 12;
const shownEvents = 30;
const shownProblems = 25;

export interface WhyDocumentOptions {
  readonly findDraft?: FindDraft;
  /** What the reader must know of the text as a whole: that it is out of date, or that something may not be read. */
  readonly remarks?: readonly string[];
}

/**
 * An explanation as a Markdown text for the editor, short and in sections that fold. Everything that comes from a
 * cluster is escaped; the only links are those in the answer.
 */
export function whyDocument(why: Why, options: WhyDocumentOptions = {}): WhyDocument {
  const out = createDocumentWriter(options.findDraft);
  out.line('# ', { quote: why.title });
  out.line();
  for (const remark of options.remarks ?? []) out.line('> ', { quote: remark });
  if (options.remarks?.length) out.line();
  out.line(`${marks[why.state]} `, { quote: sentence(why.summary) });
  writeProblems(out, why.problems);
  writeChain(out, why);
  writeFacts(out, why);
  writeTemplates(out, why);
  writeClusters(out, why);
  writePolicies(out, why);
  writeOverrides(out, why);
  writeEvents(out, why);
  writeNotes(out, why);
  return out.end();
}

const marks: { readonly [state in WhyState]: string } = {
  ok: '✓',
  busy: '…',
  paused: '‖',
  failed: '✗',
  missing: '✗',
  info: '–',
};

function sentence(text: string): string {
  const first = text.slice(0, 1).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(first) ? first : `${first}.`;
}

function heading(out: DocumentWriter, title: string): void {
  out.line();
  out.line(`## ${title}`);
  out.line();
}

function writeProblems(out: DocumentWriter, problems: readonly WhyProblem[]): void {
  if (problems.length === 0) return;
  heading(out, 'What to do');
  for (const { state, title, advice, message, since } of problems.slice(0, shownProblems)) {
    const when = since === '' ? [] : [{ quote: ` (since ${timeText(since)})` }];
    out.line(`- ${marks[state]} `, ...title, ...when);
    if (advice) out.line('  - ', { quote: advice.meaning });
    if (advice) out.line('  - To do: ', { quote: advice.action });
    if (message !== '') out.line('  - Message: ', { quote: message });
  }
  const more = problems.length - shownProblems;
  if (more > 0) out.line(`- ${more} more`);
}

function writeChain(out: DocumentWriter, { hops }: Why): void {
  if (hops.length === 0) return;
  heading(out, 'From template to member');
  const rows = hops.map(({ step, object, state, says, since }): readonly WhyText[] => [
    [step],
    object,
    [marks[state], ' ', ...says],
    [{ quote: timeText(since).replace(' UTC', '') }],
  ]);
  out.table(['Step', 'Object', 'State', 'Since (UTC)'], rows);
}

function writeFacts(out: DocumentWriter, { facts }: Why): void {
  if (facts.length === 0) return;
  heading(out, 'On this cluster');
  for (const [name, value] of facts) out.line(`- ${name}: `, ...value);
}

function writeTemplates(out: DocumentWriter, { templates }: Why): void {
  if (templates.length === 0) return;
  heading(out, 'Objects');
  const rows = templates.map(({ object, state, says }): readonly WhyText[] => [
    object,
    [marks[state], ' ', ...says],
  ]);
  out.table(['Object', 'State'], rows);
}

function writeClusters(out: DocumentWriter, { clusters }: Why): void {
  if (clusters.length === 0) return;
  heading(out, 'Clusters');
  const rows = clusters.map((group): readonly WhyText[] => [
    [`${marks[group.state]} ${group.title}`],
    [String(group.clusters.length)],
    [{ quote: nameList(group.clusters) }],
    [{ quote: brief(group.says) }],
  ]);
  out.table(['State', 'Count', 'Clusters', 'Why'], rows);
}

/** A table's cell; the whole message is among the problems. */
function brief(text: string): string {
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}

function nameList(names: readonly string[]): string {
  const more = names.length - shownNames;
  const listed = names.slice(0, shownNames).join(', ');
  return more > 0 ? `${listed} + ${more} more` : listed;
}

function writePolicies(out: DocumentWriter, { policies, templates, hops }: Why): void {
  if (hops.length === 0 && templates.length > 0) return;
  if (policies.length === 0) return;
  heading(out, 'Policies');
  const rows = policies.map(({ policy, wins, says }): readonly WhyText[] => [
    policy,
    [wins ? `${marks.ok} ` : `${marks.info} `, { quote: says }],
  ]);
  out.table(['Policy', 'Outcome'], rows);
}

function writeOverrides(out: DocumentWriter, { overrides }: Why): void {
  if (overrides.length === 0) return;
  heading(out, 'Overrides');
  const rows = overrides.map(({ policy, state, clusters, says }): readonly WhyText[] => [
    policy,
    [{ quote: nameList(clusters) }],
    [`${marks[state]} `, { quote: brief(says) }],
  ]);
  out.table(['Override', 'Clusters', 'State'], rows);
}

function writeEvents(out: DocumentWriter, { events }: Why): void {
  if (events.length === 0) return;
  heading(out, 'Warnings');
  for (const event of events.slice(0, shownEvents)) {
    const times = event.count > 1 ? ` (${event.count} times)` : '';
    const over = event.isOver ? ', over by now' : '';
    const head = `${timeText(event.at)}${times} ${event.reason} by ${event.by}${over}, on `;
    out.line('- ', { quote: head }, ...event.about);
    out.line('  - ', { quote: event.message });
  }
  const more = events.length - shownEvents;
  if (more > 0) out.line(`- ${more} older ones`);
}

function writeNotes(out: DocumentWriter, { notes }: Why): void {
  if (notes.length === 0) return;
  heading(out, 'Good to know');
  for (const note of notes) out.line('- ', { quote: note });
}

/** `2026-11-23 01:00:17 UTC` for the time of an object; as it is where it is another text. */
function timeText(time: string): string {
  const found = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.\d+)?Z$/.exec(time);
  return found ? `${found[1]} ${found[2]} UTC` : time;
}
