//! Pictures of the page. They carry no numbers of their own but those in the cells of a matrix:
//! exact figures stand in the table next to each picture.

use charts_rs::{BarChart, HeatmapChart, HorizontalBarChart};
use serde_json::{Value, json};

/// One colour of a stacked bar: its name, its colour, a length per bar.
pub(super) struct Part<'p> {
    pub(super) name: &'p str,
    pub(super) colour: &'static str,
    pub(super) lengths: Vec<f64>,
}

/// The letters of a bar's name beyond which it is cut.
const LONGEST_NAME: usize = 44;

/// Bars that lie, one per name, from top to bottom. `None` where there is nothing to draw.
pub(super) fn lying_bars(names: &[&str], parts: &[Part<'_>]) -> Option<String> {
    lying(names, parts, parts.len() > 1)
}

fn lying(names: &[&str], parts: &[Part<'_>], with_legend: bool) -> Option<String> {
    if names.is_empty() {
        return None;
    }
    // The library draws from the bottom up.
    let cut: Vec<String> = names.iter().rev().map(|name| shortened(name)).collect();
    let mut options = common(&cut, parts, 52 + 26 * names.len(), true);
    options["legend_show"] = json!(with_legend);
    options["x_axis_hidden"] = json!(true);
    options["y_axis_configs"] = json!([{ "axis_font_size": 13 }]);
    let mut chart = HorizontalBarChart::from_json(&options.to_string()).ok()?;
    chart.background_color = "transparent".into();
    chart.svg().ok().map(inline)
}

/// As [`lying_bars`], without a legend: what the colours mean stands next to the picture.
pub(super) fn plain_bars(names: &[&str], parts: &[Part<'_>]) -> Option<String> {
    lying(names, parts, false)
}

/// Bars that stand, one per name, from left to right. `None` where there is nothing to draw.
pub(super) fn standing_bars(names: &[&str], parts: &[Part<'_>]) -> Option<String> {
    if names.is_empty() {
        return None;
    }
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let mut options = common(&names, parts, 230, false);
    options["y_axis_hidden"] = json!(true);
    if names.len() > 8 {
        options["x_axis_name_rotate"] = json!(std::f64::consts::FRAC_PI_4);
        options["x_axis_height"] = json!(56);
    }
    let mut chart = BarChart::from_json(&options.to_string()).ok()?;
    chart.background_color = "transparent".into();
    chart.svg().ok().map(inline)
}

/// A matrix of counts: `cells` by row and column, rows from top to bottom.
pub(super) fn matrix(columns: &[String], rows: &[String], cells: &[Vec<u64>]) -> Option<String> {
    let most = cells.iter().flatten().copied().max().filter(|most| *most > 0)?;
    let from_below = cells.iter().rev().flatten().enumerate();
    let data: Vec<Value> = from_below.map(|(at, count)| json!([at, count])).collect();
    let options = json!({
        "width": 330, "height": 230, "compact": true,
        "x_axis_data": columns, "y_axis_data": rows.iter().rev().collect::<Vec<_>>(),
        "x_axis_title": "intent", "x_axis_font_size": 12,
        "series_label_formatter": "{c}", "series_label_font_size": 14,
        "series": {
            "data": data, "min": 0, "max": most,
            "min_color": "#eef4fa", "max_color": "#5ea3dc",
            "min_font_color": "#0e2439", "max_font_color": "#0e2439",
        },
    });
    let mut chart = HeatmapChart::from_json(&options.to_string()).ok()?;
    chart.background_color = "transparent".into();
    chart.svg().ok().map(inline)
}

/// A picture inside of HTML, where it needs no namespace.
fn inline(svg: String) -> String {
    svg.replace(" xmlns=\"http://www.w3.org/2000/svg\"", "")
}

fn common(names: &[String], parts: &[Part<'_>], height: usize, upwards: bool) -> Value {
    let series = parts.iter().map(|part| {
        let mut lengths = part.lengths.clone();
        if upwards {
            lengths.reverse();
        }
        json!({ "name": part.name, "data": lengths, "stack": "all" })
    });
    json!({
        "width": 640, "height": height, "compact": true,
        "x_axis_data": names, "x_axis_font_size": 12,
        "series_list": series.collect::<Vec<_>>(),
        "series_colors": parts.iter().map(|part| part.colour).collect::<Vec<_>>(),
        "legend_show": parts.len() > 1, "legend_category": "rect", "legend_font_size": 13,
        "grid_stroke_color": "transparent",
    })
}

fn shortened(name: &str) -> String {
    if name.chars().count() <= LONGEST_NAME {
        return name.to_owned();
    }
    name.chars().take(LONGEST_NAME - 1).chain(['…']).collect()
}
