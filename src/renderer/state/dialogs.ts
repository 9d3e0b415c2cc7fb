/** A dialog of the window. 'labels' is the data dialog at the labels of the open data set */
export type DialogName =
  'data' | 'labels' | 'class-names' | 'network' | 'cluster' | 'cache' | 'about' | 'palette'
