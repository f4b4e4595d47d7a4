/** Door of `script`: from a file on disk to a program that can be instantiated once a VU. */
export {};
