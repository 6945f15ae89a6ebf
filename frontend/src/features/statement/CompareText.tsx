/** A comparison as the text it is about: points with their marks, tables as tables, and in them what came and went. */
import type { ReactNode } from 'react';
import type { CompareBlock, ComparePart } from '../../api/types';
import { names } from '../../ui';
import styles from './compare.module.css';

const DEEPEST = 6;

export function CompareText({ blocks }: { blocks: readonly CompareBlock[] }) {
  return (
    <div className={styles.text}>
      {gathered(blocks).map(({ key, first, rows }) => (rows.length > 0 ? <Table key={key} rows={rows} /> : <Block key={key} block={first} />))}
    </div>
  );
}

/** Rows that follow each other are one table; everything else stands alone. */
function gathered(blocks: readonly CompareBlock[]) {
  const groups: { key: number; first: CompareBlock; rows: CompareBlock[] }[] = [];
  blocks.forEach((block, key) => {
    const table = block.type === 'tableRow';
    const last = groups.at(-1);
    if (table && last && last.rows.length > 0) last.rows.push(block);
    else groups.push({ key, first: block, rows: table ? [block] : [] });
  });
  return groups;
}

function Block({ block }: { block: CompareBlock }) {
  const look = names(styles.block, styles[block.kind], block.type === 'heading' && styles.heading, block.type === 'blockquote' && styles.quote, block.type === 'codeBlock' && styles.code);
  if (block.type === 'horizontalRule') {
    return (
      <div className={look}>
        <Changed op={block.kind} what="a line across">
          <hr />
        </Changed>
      </div>
    );
  }
  return (
    <p className={look} data-level={block.type === 'listItem' && block.level ? Math.min(block.level, DEEPEST) : undefined}>
      {block.marker ? <span className={styles.marker}>{block.marker} </span> : null}
      <span>
        <Parts parts={block.parts} />
      </span>
    </p>
  );
}

function Table({ rows }: { rows: readonly CompareBlock[] }) {
  const columns = Math.max(...rows.map(({ cells }) => cells.length));
  return (
    <div className={styles.wide}>
      <table>
        <tbody>
          {rows.map((row, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a comparison never changes
            <tr key={index} className={styles[row.kind]}>
              {Array.from({ length: columns }, (_, column) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a comparison never changes
                <td key={column}>
                  <Parts parts={row.cells[column] ?? []} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Parts({ parts }: { parts: readonly ComparePart[] }) {
  return parts.map((part, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a comparison never changes
    <Changed key={index} op={part.op}>
      {part.text}
    </Changed>
  ));
}

/** Underlined or struck through, and said. */
function Changed({ op, what, children }: { op: CompareBlock['kind']; what?: string; children: ReactNode }) {
  if (op === 'same' || op === 'changed') return children;
  const Change = op === 'added' ? 'ins' : 'del';
  return (
    <Change>
      <span className="vh">{` ${op}: ${what ?? ''}`}</span>
      {children}
      <span className="vh"> end of change </span>
    </Change>
  );
}
