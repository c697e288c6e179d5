import { invariant } from '../../../core/invariant.ts';
import type { KeptRow, PathIndex, PathNode } from '../partial-match.ts';

interface ReusedNode {
  row: KeptRow;
  variable: number;
  previous: PathNode | null;
  length: number;
  index?: PathIndex;
}

/**
 * The nodes of one path, newest first. The next path uses them again: `rewind`, then `match` for
 * its newest rows, `cut` where it differs, `add` for the rest, `finish`. Only the newest node has
 * its length and an index.
 */
export class PathNodes implements PathIndex {
  version = 0;
  readonly nodes: ReusedNode[] = [];
  readonly ofVariable: readonly PathNode[][];
  readonly kept: Int32Array;
  /** Nodes of the path so far. */
  count = 0;
  /** Nodes that `match` has accepted since `rewind`. */
  matched = 0;

  constructor(variables: number) {
    this.ofVariable = Array.from({ length: variables }, () => []);
    this.kept = new Int32Array(variables);
  }

  rewind(): void {
    this.matched = 0;
    for (let i = 0; i < this.kept.length; i++) this.kept[i] = this.ofVariable[i]!.length;
  }

  /** Adds a node that is probably the same as that of the path before. */
  match(row: KeptRow, variable: number): void {
    const same = this.matched < this.count ? this.nodes[this.matched]! : null;
    if (same === null || same.row !== row || same.variable !== variable) {
      this.cut(this.matched);
      this.add(row, variable);
    }
    this.matched++;
  }

  /** Removes all nodes but the first `count`. */
  cut(count: number): void {
    while (this.count > count) {
      const { variable } = this.nodes[--this.count]!;
      const rows = this.ofVariable[variable]!;
      rows.pop();
      if (rows.length < this.kept[variable]!) this.kept[variable] = rows.length;
    }
  }

  add(row: KeptRow, variable: number): void {
    const at = this.count++;
    let node = this.nodes[at];
    if (node === undefined) {
      node = { row, variable, previous: null, length: 0 };
      this.nodes.push(node);
    }
    node.row = row;
    node.variable = variable;
    if (at > 0) this.nodes[at - 1]!.previous = node;
    this.ofVariable[variable]!.push(node);
  }

  finish(start: KeptRow): PathNode {
    const last = this.nodes[this.count - 1]!;
    invariant(last.row === start || last.row.sequence === start.sequence, 'a path begins with its start');
    last.previous = null;
    const first = this.nodes[0]!;
    first.length = this.count;
    first.index = this;
    this.version++;
    return first;
  }

  /** Sets the lengths of all nodes, for results that show each row. */
  setLengths(): void {
    for (let i = 0; i < this.count; i++) this.nodes[i]!.length = this.count - i;
  }

  /** Releases the rows. */
  release(): void {
    this.cut(0);
    this.nodes.length = 0;
    this.version += 2;
  }
}
