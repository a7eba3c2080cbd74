/** Points of reading a resource; a list costs one more for each entry of a page. */
export const readPoints = 3;

/** Points of a change; a PATCH costs one more for each operation, and members of a group one each. */
export const changePoints = 10;

/** So many members of a group are answered for one point. */
export const membersPerPoint = 10;
