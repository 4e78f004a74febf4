//! Campaign files as the systems read them that they are for: the rules of each target are written
//! down here a second time.

mod denial;
mod export;
mod golden;
mod list;
mod office;
mod target;
mod world;
