/** Fields of the page of an import that what is said of its rows points to. */
export const WHY_LATE = 'Why the rows are entered late';
export const WHY_ROWS_STAND = 'Why such rows stand all the same';
export const LEAVE_OUT_KNOWN = 'Leave out rows that state what is recorded already';
export const FOUND_LATER = 'The rows happened before the study was closed, and were found after closing';
