// The basic bundle of plotly.js has the types of the whole.
declare module "plotly.js-basic-dist-min" {
  export * from "plotly.js";
  export { default } from "plotly.js";
}
