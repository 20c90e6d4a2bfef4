package ui

import (
	"sort"
	"strings"

	"github.com/rivo/uniseg"
)

// textRow is what stands on one row of a text being typed: the bytes from start to end, without the line feed.
type textRow struct{ start, end int }

// textRows breaks a text into rows of at most cells cells, between any two clusters: what is typed must not jump to
// another row while a word grows. There is at least one row, and after a full last row an empty one for the cursor.
func textRows(text string, cells int) []textRow {
	cells = max(cells, 1)
	var rows []textRow
	start, used, state := 0, 0, -1
	for i, rest := 0, text; rest != ""; {
		var cluster string
		var w int
		cluster, rest, w, state = uniseg.FirstGraphemeClusterInString(rest, state)
		w = clusterCells(cluster, w, cells)
		switch {
		case cluster == "\n":
			rows = append(rows, textRow{start, i})
			start, used = i+1, 0
		case used+w > cells:
			rows = append(rows, textRow{start, i})
			start, used = i, w
		default:
			used += w
		}
		i += len(cluster)
	}
	rows = append(rows, textRow{start, len(text)})
	if used == cells {
		rows = append(rows, textRow{len(text), len(text)})
	}
	return rows
}

// clusterCells returns how many cells a cluster takes in a text being typed, given its own width.
func clusterCells(cluster string, w, cells int) int {
	if cluster == "\t" {
		w = tabStop
	}
	return min(w, cells)
}

// rowAt returns the row in which an offset stands. Where a row was broken inside a line, that is the row it begins.
func rowAt(rows []textRow, offset int) int {
	return sort.Search(len(rows), func(i int) bool { return rows[i].start > offset }) - 1
}

// cellAt returns the cell of the row at which an offset stands.
func (r textRow) cellAt(text string, offset int) int {
	return cellsOf(text[r.start:offset])
}

func cellsOf(s string) int {
	if tabs := strings.Count(s, "\t"); tabs > 0 {
		return width(strings.ReplaceAll(s, "\t", "")) + tabs*tabStop
	}
	return width(s)
}

// offsetAt returns the offset that stands at a cell of the row, or before it if the cell is inside a wide cluster, or the
// row's end.
func (r textRow) offsetAt(text string, cell int) int {
	i, used := r.start, 0
	for i < r.end {
		next := after(text, i)
		w := cellsOf(text[i:next])
		if used+w > cell {
			return i
		}
		i, used = next, used+w
	}
	return r.end
}
