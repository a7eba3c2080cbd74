import { Scroll } from '../parts/scroll.tsx';
import { words } from '../words.ts';

interface BarsProps {
  caption: string;
  /** Of the table: the first is that of the labels. */
  columns: readonly string[];
  rows: readonly { label: string; size: number; values: readonly string[] }[];
  /** Whether the table is shown from the beginning, with a bar in each row. */
  isOpen?: boolean;
}

const [width, height, gap] = [720, 140, 2];

/** Bars, and the same as a table: a picture says nothing to a screen reader. */
export function Bars({ caption, columns, rows, isOpen = false }: BarsProps) {
  const largest = Math.max(...rows.map(({ size }) => size), Number.MIN_VALUE);
  const table = <Table caption={caption} columns={columns} rows={rows} largest={isOpen ? largest : undefined} />;
  if (isOpen) return table;
  const step = width / rows.length;
  return (
    <figure>
      <figcaption>{caption}</figcaption>
      <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" class="bars" aria-hidden="true">
        <title>{caption}</title>
        {rows.map(({ label, size, values }, index) => {
          const tall = Math.max(1, (size / largest) * height);
          return (
            <rect key={label} x={index * step} y={height - tall} width={Math.max(1, step - gap)} height={tall}>
              <title>{[label, ...values].join(' · ')}</title>
            </rect>
          );
        })}
      </svg>
      <p class="axis">
        <span>{rows[0]?.label}</span>
        <span>{rows.at(-1)?.label}</span>
      </p>
      <details>
        <summary>{words.use.asTable}</summary>
        {table}
      </details>
    </figure>
  );
}

function Table({ caption, columns, rows, largest }: BarsProps & { largest: number | undefined }) {
  return (
    <Scroll label={caption}>
      <table>
        <caption>{caption}</caption>
        <thead>
          <tr>
            {columns.map((column, index) => (
              <th key={column} scope="col" class={index === 0 ? '' : 'number'}>
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ label, size, values }) => (
            <tr key={label}>
              <th scope="row">
                {label}
                {largest !== undefined && <meter min={0} max={largest} value={size} aria-hidden="true" />}
              </th>
              {values.map((value, index) => (
                <td key={columns[index + 1]} class="number">
                  {value}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}
