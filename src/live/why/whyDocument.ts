import {
  createDocumentWriter,
  plainText,
  type DocumentWriter,
  type FindDraft,
  type WhyDocument,
} from './document.ts';
import { createTimes, type Times } from './times.ts';
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
 * An explanation as a Markdown text for the editor and for VS Code's preview of Markdown, short and in sections that
 * fold: how it is, what to do, how it came about. Everything that comes from a cluster is escaped; the only links are
 * those in the answer.
 */
export function whyDocument(why: Why, options: WhyDocumentOptions = {}): WhyDocument {
  const out = createDocumentWriter(options.findDraft);
  const times = createTimes(timesIn(why));
  out.line('# ', { quote: why.title });
  out.line();
  out.line(`${marks[why.state]} `, { quote: sentence(why.summary) });
  for (const remark of options.remarks ?? []) {
    out.line();
    out.line('> ', { quote: remark });
  }
  if (times.date !== '') {
    out.line();
    out.line('', `Times are UTC, ${times.date}.`);
  }
  writeProblems(out, why.problems, times);
  writeChain(out, why, times);
  writeFacts(out, why);
  writeFlux(out, why, times);
  writeTemplates(out, why);
  writeClusters(out, why);
  writePolicies(out, why);
  writeOverrides(out, why);
  writeWarnings(out, why, times);
  writeNotes(out, why);
  return out.end();
}

/** What stands in the text. */
function timesIn({ hops, problems, events, flux }: Why): readonly string[] {
  return [
    ...hops.map(({ since }) => since),
    ...problems.slice(0, shownProblems).map(({ since }) => since),
    ...events.slice(0, shownEvents).map(({ at }) => at),
    ...(flux?.events.slice(0, shownEvents).map(({ at }) => at) ?? []),
  ];
}

const marks: { readonly [state in WhyState]: string } = {
  ok: '✓',
  busy: '…',
  paused: '‖',
  failed: '✗',
  missing: '✗',
  info: '○',
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

const toBeDone: ReadonlySet<WhyState> = new Set<WhyState>(['failed', 'missing', 'paused']);

function writeProblems(out: DocumentWriter, problems: readonly WhyProblem[], times: Times): void {
  if (problems.length === 0) return;
  const isToBeDone = problems.some(({ state }) => toBeDone.has(state));
  heading(out, isToBeDone ? 'What to do' : 'What it waits for');
  for (const { state, title, advice, message, since } of problems.slice(0, shownProblems)) {
    const when = since === '' ? [] : [{ quote: `, since ${times.text(since)}` }];
    out.line(`- ${marks[state]} `, ...title, ...when);
    if (advice) out.line('  - ', { quote: advice.meaning });
    if (advice) out.line('  - To do: ', { quote: advice.action });
    if (message !== '') out.line('  - Message: ', { quote: message });
  }
  const more = problems.length - shownProblems;
  if (more > 0) out.line(`- ${more} more`);
}

function writeChain(out: DocumentWriter, { hops }: Why, times: Times): void {
  if (hops.length === 0) return;
  heading(out, 'From template to member');
  const rows = hops.map(({ step, object, state, says, since }): readonly WhyText[] => [
    [step],
    object,
    [marks[state], ' ', ...says],
    [{ quote: times.text(since) }],
  ]);
  out.table(
    [
      { title: 'Step' },
      { title: 'Object' },
      { title: 'State' },
      { title: 'Since', inList: 'since ' },
    ],
    rows,
  );
}

function writeFacts(out: DocumentWriter, { facts, problems }: Why): void {
  if (facts.length === 0) return;
  heading(out, 'On this cluster');
  const told = new Set(problems.map(({ message }) => message));
  for (const [name, value] of facts) {
    const isTold = value.some(
      (piece) => typeof piece === 'object' && 'quote' in piece && told.has(piece.quote),
    );
    if (!isTold) out.line(`- ${name}: `, ...value);
  }
}

function writeFlux(out: DocumentWriter, { flux }: Why, times: Times): void {
  if (!flux) return;
  heading(out, `Flux on ${plainText(flux.cluster)}`);
  if (flux.says.length > 0) out.line('', ...flux.says);
  for (const event of flux.events.slice(0, shownEvents)) {
    const { at, state, says, reason, message, about } = event;
    const words = says === '' ? reason : `${says} (${reason})`;
    const on = about.length === 0 ? [] : [', on ', ...about];
    out.line(
      `- ${times.text(at)} ${marks[state]} `,
      { quote: words + timesText(event.count) },
      ...on,
    );
    out.line('  - ', { quote: message });
  }
}

/** How often something happened. */
function timesText(count: number): string {
  return count > 1 ? `, ${count} times` : '';
}

function writeTemplates(out: DocumentWriter, { templates }: Why): void {
  if (templates.length === 0) return;
  heading(out, 'Objects');
  const rows = templates.map(({ object, state, says }): readonly WhyText[] => [
    object,
    [marks[state], ' ', ...says],
  ]);
  out.table([{ title: 'Object' }, { title: 'State' }], rows);
}

function writeClusters(out: DocumentWriter, { clusters }: Why): void {
  if (clusters.length === 0) return;
  heading(out, 'Clusters');
  const rows = clusters.map(({ state, title, clusters: names, says }): readonly WhyText[] => [
    [`${marks[state]} ${names.length} ${title}`],
    [{ quote: nameList(names) }],
    // Of what is wrong is told above.
    [{ quote: state === 'info' || state === 'ok' ? says : '' }],
  ]);
  out.table([{ title: 'State' }, { title: 'Clusters' }, { title: 'Why' }], rows);
}

function nameList(names: readonly string[]): string {
  const more = names.length - shownNames;
  const listed = names.slice(0, shownNames).join(', ');
  return more > 0 ? `${listed} + ${more} more` : listed;
}

function writePolicies(out: DocumentWriter, { policies, templates, hops }: Why): void {
  if (hops.length === 0 && templates.length > 0) return;
  // That one policy has it stands in the chain.
  if (policies.every(({ wins, says }) => wins && !says.includes(';'))) return;
  heading(out, 'Policies');
  const rows = policies.map(({ policy, wins, says }): readonly WhyText[] => [
    policy,
    [wins ? `${marks.ok} ` : `${marks.info} `, { quote: says }],
  ]);
  out.table([{ title: 'Policy' }, { title: 'Outcome' }], rows);
}

function writeOverrides(out: DocumentWriter, { overrides, problems }: Why): void {
  if (overrides.length === 0) return;
  heading(out, 'Overrides');
  const rows = overrides.map(({ policy, state, clusters, says, error }): readonly WhyText[] => {
    const isTold = error === '' || problems.some(({ message }) => message === error);
    return [
      policy,
      [{ quote: nameList(clusters) }],
      [`${marks[state]} `, { quote: isTold ? says : `${says}: ${error}` }],
    ];
  });
  out.table([{ title: 'Override' }, { title: 'Clusters' }, { title: 'State' }], rows);
}

function writeWarnings(out: DocumentWriter, { events, problems }: Why, times: Times): void {
  if (events.length === 0) return;
  heading(out, 'Warnings of Karmada');
  for (const event of events.slice(0, shownEvents)) {
    const { at, reason, by, isOver, about, message } = event;
    const head = `${times.text(at)} ${reason}${timesText(event.count)}${isOver ? ', over by now' : ''}`;
    out.line('- ', { quote: `${head}, by ${by} on ` }, ...about);
    const isTold = problems.some((problem) => problem.message === message);
    if (!isTold) out.line('  - ', { quote: message });
  }
  const more = events.length - shownEvents;
  if (more > 0) out.line(`- ${more} older ones`);
}

function writeNotes(out: DocumentWriter, { notes }: Why): void {
  if (notes.length === 0) return;
  heading(out, 'Good to know');
  for (const note of notes) out.line('- ', { quote: note });
}
