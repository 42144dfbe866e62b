def migrate(cr, version):
    """Empty what extends the connection's form: pages that it looks for have moved into
    views of their own, which come only after the form. The update fills them again."""
    cr.execute("""
        UPDATE ir_ui_view
           SET arch_db = jsonb_build_object('en_US', '<data/>')
          FROM ir_model_data
         WHERE ir_model_data.model = 'ir.ui.view'
           AND ir_model_data.module = 'xero_crm'
           AND ir_model_data.name LIKE 'xero\\_connection\\_view\\_form\\_%'
           AND ir_model_data.res_id = ir_ui_view.id
           AND ir_ui_view.mode = 'extension'""")
